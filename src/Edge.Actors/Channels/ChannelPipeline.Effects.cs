using System.Globalization;
using System.Text;
using Edge.Actors.Channels.Keys;
using Edge.Actors.Channels.Payloads;
using Edge.Actors.Diagnostics;
using Edge.Actors.Intake;
using Edge.Actors.Telemetry;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;

namespace Edge.Actors.Channels;

// What becomes of a guest call: effects of a good one, the fate of the reading after a bad one.
internal sealed partial class ChannelPipeline
{
    /// <summary>False when the call ended the instance.</summary>
    private bool Conclude(KeyLane lane, int index, long timeUs, CallOutcome outcome, string? trace)
    {
        var entry = lane.Since[index];
        if (outcome.Fault is { InstanceSurvives: false } fault)
        {
            Fault(lane, entry, fault);
            return false;
        }

        // Numbered, so that a replay knows which calls had their effects already.
        var silent = ++lane.Calls <= lane.SilentCalls;
        if (outcome.Fault is { } error)
        {
            if (!silent) Reject(entry, error);
            return true;
        }

        if (!silent) _turn.Blocks++;
        TakeEffect(lane, index, timeUs, lane.Instance!.Effects, silent, trace);
        return true;
    }

    private void TakeEffect(KeyLane lane, int index, long timeUs, CallEffects effects, bool silent, string? trace)
    {
        var entry = lane.Since[index];
        trace ??= Tracing.Carried(entry.Reading);
        foreach (var kv in effects.KvWrites)
            lane.Kv.Set(Encoding.UTF8.GetString(effects.Span(kv.Key)), kv.Deleted ? null : effects.Span(kv.Value).ToArray());
        foreach (var emit in effects.Emits)
        {
            var id = NextId(lane, index, silent);
            if (silent) continue;
            var message = _ports.Route(
                emit.Port, effects.Span(emit.Payload), emit.TimeUs == 0 ? timeUs : emit.TimeUs, lane.Key, entry.Reading.Topic, id.ToString(), trace, entry.Reading.TraceState);
            if (message is null) _meter.Dropped(DropReason.Output);
            else Send(message, entry);
        }

        foreach (var publish in effects.Publishes)
        {
            var id = NextId(lane, index, silent);
            if (silent) continue;
            Send(new(
                _spec.Id.Tenant, Encoding.UTF8.GetString(effects.Span(publish.Topic)), effects.Span(publish.Payload).ToArray(),
                publish.Qos, publish.Retain, id.ToString(), trace, entry.Reading.TraceState), entry);
        }

        if (silent) return;
        foreach (var write in effects.GpioWrites)
        {
            if (!_slot.Drive(write)) LogLineSilent(_spec.Id.ToString(), write.Line);
        }

        foreach (var metric in effects.Metrics)
            _meter.GuestValue(_slot.Id.ToString(), Encoding.UTF8.GetString(effects.Span(metric.Name)), metric.Value);
    }

    // An output is named by the reading that caused it, so that whoever processes that reading again, after a crash or on another node, gives the same id, and no other reading
    // can. Readings that only memory held cannot come again: their outputs are counted.
    private OutputId NextId(KeyLane lane, int index, bool silent)
    {
        if (lane.Since[index] is { Logged: true } entry) return new(this, lane, entry.Log, entry.Place, lane.NextOutput(index, silent));
        return new(this, lane, null, silent ? 0 : ++_volatileOutputs, 0);
    }

    private void Send(OutboundMessage message, in InboxEntry entry)
    {
        _turn.Outputs.Add(message);
        _turn.OutputBytes += message.Payload.Length;
        if (_meter.WantsLatency) _turn.ArrivalsUs.Add(entry.Reading.ArrivalUs);
    }

    private void Reject(in InboxEntry entry, GuestFault error)
    {
        _meter.Dropped(DropReason.GuestError);
        if (_letters.For(entry, DropReason.GuestError, error.Message, Now) is { } letter) Send(letter, entry);
    }

    private void Fault(KeyLane lane, in InboxEntry entry, GuestFault fault)
    {
        // In a replay the call that faults may be one whose effects are out: then one call fewer must stay silent.
        lane.SilentCalls = lane.Calls < lane.SilentCalls ? lane.SilentCalls - 1 : lane.Calls;
        _meter.Dropped(DropReason.Poison);
        if (_letters.For(entry, DropReason.Poison, fault.Message, Now) is { } letter) Send(letter, entry);
        EndInstance(lane, fault);
    }

    private void EndInstance(KeyLane lane, GuestFault fault)
    {
        lane.Instance?.Dispose();
        lane.Instance = null;
        lane.NeedsReplay = true;
        _backoff = _backoff.Succeeded(_turn.Blocks - _countedGood).Fault(Now);
        _countedGood = _turn.Blocks;
        _meter.Faulted(fault.Reason);
        _turn.Faults.Add(fault);
        _turn.Events.Add(new EdgeEvent.InstanceFaulted(_spec.Id, lane.Key, fault));
    }

    private readonly record struct OutputId(ChannelPipeline Pipeline, KeyLane Lane, string? Log, long Number, int Output)
    {
        public override string ToString() => Log is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Pipeline._spec.Id.Tenant.Value}/{Pipeline._spec.Id.Name}/{Lane.Key}/{Pipeline._run}.{Number}")
            : string.Create(CultureInfo.InvariantCulture, $"{Pipeline._spec.Id.Tenant.Value}/{Pipeline._spec.Id.Name}/{Lane.Key}/{Log}:{Number}.{Output}");
    }
}
