using System.Text;
using Edge.Actors.Channels.Keys;
using Edge.Actors.Channels.Outputs;
using Edge.Actors.Channels.Payloads;
using Edge.Actors.Channels.Windows;
using Edge.Actors.Intake;
using Edge.Actors.Modules;
using Edge.Actors.Telemetry;
using Edge.Messages.Channels;
using Edge.Wasm.Instances;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Channels;

/// <summary>
/// The work of one channel: reading → key, time, sequence, samples → block → guest call → outputs. It runs on guest threads only, one turn at a time; the
/// <see cref="SensorChannel"/> decides when. Given the same stored state and the same logged readings in the same order it
/// makes the same calls and the same messages; whatever the order between logs, a message's id names the reading that caused it.
/// </summary>
internal sealed partial class ChannelPipeline
{
    // A turn ends after so long, so that outputs leave and a stop is heard even when calls are slow.
    private static readonly TimeSpan TurnMax = TimeSpan.FromMilliseconds(20);

    // Outputs that may wait for the end of the turn.
    private const long OutputBytesMax = 4 << 20;

    private readonly ChannelSpec _spec;
    private readonly ModuleSlot _slot;
    private readonly IChannelStore _store;
    private readonly TimeProvider _time;
    private readonly ChannelMeter _meter;
    private readonly ILogger _logger;
    private readonly ReadingGate _gate;
    private readonly PortRouter _ports;
    private readonly DeadLetters _letters;
    private readonly SampleEncoder _encoder;
    private readonly CommitBuffer _commits;
    private readonly LiveKeys _live = new();
    private readonly HashSet<KeyLane> _dirty = [];
    private readonly LogCursors _cursors = new();
    private readonly string _log;
    private readonly string _run;
    private byte[] _topicUtf8 = [];
    private string _topic = "";
    private ChannelRun _turn = new(0);
    private RestartBackoff _backoff;
    private long _volatileOutputs;
    private bool _replaying;

    /// <param name="spec">The channel.</param>
    /// <param name="slot">Its module.</param>
    /// <param name="store">Where keys' states are.</param>
    /// <param name="commits">Where captured states go.</param>
    /// <param name="position">How far the stored state is.</param>
    /// <param name="log">The node's own intake log: states of format 1 are of it.</param>
    /// <param name="run">Names this pipeline among all that ever were: part of the ids of outputs that only memory could repeat.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meter">The channel's counts.</param>
    /// <param name="logger">The channel's log lines.</param>
    public ChannelPipeline(
        ChannelSpec spec, ModuleSlot slot, IChannelStore store, CommitBuffer commits, Position position, string log, string run, TimeProvider time, ChannelMeter meter, ILogger logger)
    {
        (_spec, _slot, _store, _commits, _log, _run, _time, _meter, _logger) = (spec, slot, store, commits, log, run, time, meter, logger);
        _cursors.Load(position);
        _gate = new(spec, slot.Kind);
        _ports = new(spec, slot.Ports);
        _letters = new(spec.Id, spec.DeadLetters, run);
        _encoder = new(spec.SampleType);
    }

    /// <summary>What was processed, in each intake log. Not while a turn runs, like all that follows.</summary>
    public Position Position => _cursors.Save();

    /// <summary>Readings since the last capture.</summary>
    public int Uncaptured { get; private set; }

    /// <summary>Keys with a live instance.</summary>
    public int LiveKeyCount => _live.Count;

    /// <summary>Problems with stored state, for the channel's status; null when there are none.</summary>
    public string? Damage { get; private set; }

    /// <summary>What was processed of one intake log.</summary>
    public long Cursor(string log) => _cursors[log];

    /// <summary>Everything of a log up to a sequence was looked at, also what the channel does not want.</summary>
    public void Passed(string log, long sequence)
    {
        if (sequence > _cursors[log]) _cursors.Set(log, sequence);
    }

    /// <summary>Whether nothing was processed since <paramref name="position"/>.</summary>
    public bool IsAt(Position position) => _cursors.IsAt(position);

    private TimeSpan Now => _time.GetElapsedTime(0, _time.GetTimestamp());

    /// <summary>Processes readings of <paramref name="entries"/> from index <paramref name="from"/> on, until they end, the turn is over, or the module faults too often.</summary>
    public ChannelRun Run(IReadOnlyList<InboxEntry> entries, int from)
    {
        var turn = _turn = new(from);
        var started = _time.GetTimestamp();
        RecoverAll();
        while (turn.RetryAfter == default && turn.Next < entries.Count)
        {
            if (!Process(entries[turn.Next])) break;
            turn.Next++;
            if (turn.OutputBytes > OutputBytesMax || _time.GetElapsedTime(started) > TurnMax) break;
        }

        _backoff = _backoff.Succeeded(turn.Blocks - _countedGood);
        Uncaptured += turn.Next - from;
        _meter.Processed(turn.Next - from, turn.Blocks, turn.Outputs.Count);
        return turn;
    }

    // False: the reading was not taken and comes again.
    private bool Process(in InboxEntry entry)
    {
        if (_gate.Read(entry.Reading, out var gated) is { } malformed)
        {
            Refuse(entry, DropReason.Malformed, malformed);
            Advance(entry);
            return true;
        }

        if (Lane(gated.Key) is not { } lane) return false;
        if (!entry.Logged || entry.Place > lane.Cursors[entry.Log])
        {
            if (!Ready(lane)) return false;
            lane.Since.Add(entry);
            if (lane.Since.Count == 1) _dirty.Add(lane);
            if (!Apply(lane, lane.Since.Count - 1, gated)) Recover(lane);
        }

        Advance(entry);
        return true;
    }

    private void Advance(in InboxEntry entry)
    {
        if (entry.Logged) _cursors.Set(entry.Log, entry.Place);
    }

    /// <summary>One reading on one lane, live or in a replay. False when the instance ended.</summary>
    private bool Apply(KeyLane lane, int index, in GatedReading gated)
    {
        var entry = lane.Since[index];
        lane.Begin(index);
        if (entry.Logged) lane.Cursors.Set(entry.Log, entry.Place);
        var provedNew = false;
        if (gated.Number is { } number)
        {
            var verdict = lane.Sequences.Judge(number, _gate.TimeFromProducer && lane.Clock.IsNewer(gated.TimeUs));
            if (verdict == SequenceVerdict.Duplicate)
            {
                Refuse(entry, DropReason.Duplicate, "Its sequence number was seen before.");
                return true;
            }

            provedNew = verdict != SequenceVerdict.Behind;
            if (verdict is SequenceVerdict.Ahead or SequenceVerdict.Restarted) lane.Window.MarkGap();
        }

        var timeUs = gated.TimeUs;
        switch (lane.Clock.Judge(ref timeUs, provedNew))
        {
            case TimeVerdict.Late:
                Refuse(entry, DropReason.Late, "It is older than the newest of its key by more than the tolerance (lateTolerance).");
                return true;
            case TimeVerdict.Stepped:
                lane.Window.MarkGap();
                break;
        }

        using var span = Tracing.Listening && !_replaying ? Tracing.Process(entry, _spec.Id.ToString()) : null;
        return _slot.Kind == ModuleKind.Handler ? Handle(lane, index, entry, timeUs) : Stream(lane, index, entry, timeUs);
    }

    private bool Handle(KeyLane lane, int index, in InboxEntry entry, long timeUs)
    {
        if (lane.PoisonReadings.Contains(index)) return true;
        using var span = Tracing.Call(_slot.Id.ToString());
        var outcome = lane.Instance!.Handle(Topic(entry.Reading.Topic), entry.Reading.Payload.Span, timeUs);
        if (Conclude(lane, index, timeUs, outcome, span?.Id)) return true;
        lane.PoisonReadings.Add(index);
        return false;
    }

    private bool Stream(KeyLane lane, int index, in InboxEntry entry, long timeUs)
    {
        var samples = _gate.Samples.Span;
        for (var i = 0; i < samples.Length; i++)
        {
            var sampleUs = i == 0 || _spec.RateHz <= 0 ? timeUs : timeUs + (long)Math.Round(i * 1e6 / _spec.RateHz);
            if (!lane.Window.Push(samples[i], sampleUs, _spec.SampleType, out var header)) continue;
            if (lane.PoisonBlocks.Contains(header.Sequence))
            {
                lane.Window.MarkGap();
                continue;
            }

            using var span = Tracing.Call(_slot.Id.ToString());
            var outcome = lane.Instance!.Stream(header, _encoder.Encode(lane.Window.Closed));
            if (!Conclude(lane, index, header.TimeUs, outcome, span?.Id))
            {
                lane.PoisonBlocks.Add(header.Sequence);
                return false;
            }

            if (!outcome.Succeeded) lane.Window.MarkGap();
        }

        return true;
    }

    private ReadOnlySpan<byte> Topic(string topic)
    {
        if (ReferenceEquals(topic, _topic) || topic == _topic) return _topicUtf8;
        (_topic, _topicUtf8) = (topic, Encoding.UTF8.GetBytes(topic));
        return _topicUtf8;
    }

    private void Refuse(in InboxEntry entry, DropReason reason, string detail)
    {
        if (_replaying) return;
        _meter.Dropped(reason);
        if (_letters.For(entry, reason, detail, Now) is { } letter) Send(letter, entry);
    }
}
