using Edge.Actors.Channels.Keys;
using Edge.Actors.Channels.Payloads;
using Edge.Actors.Channels.Windows;
using Edge.Actors.Diagnostics;
using Edge.Actors.Modules;
using Edge.Messages.Channels;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Channels;

// Instances: made, brought back after a fault, let go when too many live.
internal sealed partial class ChannelPipeline
{
    /// <summary>Replays in a row that may fault before the readings since the last capture are given up.</summary>
    public const int ReplayFaultsMax = 8;

    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    private int _countedGood;

    // The key's lane with its stored state; null when the store does not answer.
    private KeyLane? Lane(string key)
    {
        if (_live.Use(key) is { } live) return live;
        var lane = new KeyLane(key, new(_spec.Block, _spec.RateHz, _gate.TimeFromProducer), new((long)_spec.LateTolerance.TotalMicroseconds, _gate.TimeFromProducer));
        try
        {
            if (Stored(key) is { } state) lane.Load(state, _log);
        }
        catch (ChannelStateDamagedException damaged)
        {
            // The stream goes on from nothing, and a person must know.
            Damage = damaged.Message;
            LogDamaged(_spec.Id.ToString(), key, damaged.Message);
        }
        catch (IOException failed)
        {
            Hold(StoreRetry, $"State of key '{key}' cannot be read: {failed.Message}");
            return null;
        }

        if (_live.Count >= _spec.MaxLiveKeys) Evict();
        _live.Add(lane);
        return lane;
    }

    private KeyState? Stored(string key)
    {
        var bytes = _commits.TryGet(key, out var waiting) ? waiting : _store.LoadKey(_spec.Id, key);
        if (bytes is not { } found) return null;
        try
        {
            var state = KeyState.Parser.ParseFrom(found.Span);
            if (state.Format <= KeyLane.Format) return state;
            throw new ChannelStateDamagedException(
                $"State of channel '{_spec.Id}', key '{key}', has format {state.Format}; this version reads up to {KeyLane.Format}. Start the newer version again, or remove the channel's state.");
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new ChannelStateDamagedException($"State of channel '{_spec.Id}', key '{key}', cannot be read: {broken.Message}");
        }
    }

    private bool Ready(KeyLane lane)
    {
        if (lane.NeedsReplay) return Recover(lane);
        return lane.Instance is not null || Create(lane);
    }

    private void RecoverAll()
    {
        _countedGood = 0;
        foreach (var lane in _live.Lanes.Where(l => l.NeedsReplay).ToList())
        {
            if (!Recover(lane)) return;
        }
    }

    /// <summary>Brings a lane back to where it was before its fault. False when the module must rest first.</summary>
    private bool Recover(KeyLane lane)
    {
        while (lane.NeedsReplay)
        {
            if (Rests()) return false;
            var givesUp = lane.ReplayFaults > ReplayFaultsMax;
            if (givesUp) GiveUp(lane);
            if (!Create(lane)) return false;
            if (givesUp) lane.Window.MarkGap();
            if (!Replay(lane)) lane.ReplayFaults++;
            // The next fault need not replay all this again. But where making a snapshot was the fault, trying it in the same state would fault for ever: first the stream goes on.
            else if (lane.Dirty && !lane.SnapshotFaulted) Capture(lane);
        }

        return true;
    }

    private void GiveUp(KeyLane lane)
    {
        var given = lane.GiveUpReplay();
        lane.ReplayFaults = 0;
        _meter.Dropped(DropReason.Replay, given.Count);
        foreach (var entry in given)
        {
            if (_letters.For(entry, DropReason.Replay, "The module faulted again and again while its state was brought back; it goes on without this reading.", Now) is { } letter) Send(letter, entry);
        }

        LogReplayGivenUp(_spec.Id.ToString(), lane.Key, given.Count);
    }

    private bool Replay(KeyLane lane)
    {
        lane.NeedsReplay = false;
        lane.Calls = 0;
        for (var i = 0; i < lane.Since.Count; i++)
        {
            _replaying = true;
            _gate.Read(lane.Since[i].Reading, out var gated);
            var lives = Apply(lane, i, gated);
            _replaying = false;
            if (!lives) return false;
        }

        lane.ReplayFaults = 0;
        _turn.Events.Add(new EdgeEvent.InstanceRestored(_spec.Id, lane.Key, lane.Since.Count));
        return true;
    }

    // A new instance at the lane's base. Without a snapshot the guest has no history, and the next block says so.
    private bool Create(KeyLane lane)
    {
        lane.Rewind();
        // A bare null would become an empty snapshot: ReadOnlyMemory converts from a null array.
        var snapshot = lane.Base.HasSnapshot ? lane.Base.Snapshot.Memory : (ReadOnlyMemory<byte>?)null;
        var fresh = snapshot is null;
        lane.Instance = _slot.Create(snapshot, lane.Kv, out var fault);
        if (fault is GuestFault.Unavailable && _live.Count > 1)
        {
            Evict();
            lane.Instance = _slot.Create(snapshot, lane.Kv, out fault);
        }

        if (lane.Instance is null && snapshot is not null && lane.Base.ModuleDigest != _slot.DigestBytes && fault is not GuestFault.Unavailable)
        {
            // Another version of the module wrote the snapshot, and this one cannot read it.
            LogSnapshotForeign(_spec.Id.ToString(), lane.Key, fault!.Message);
            lane.Instance = _slot.Create(null, lane.Kv, out fault);
            fresh = true;
        }

        if (lane.Instance is null)
        {
            EndInstance(lane, fault!);
            if (!Rests()) Hold(RestartBackoff.First, fault!.Message);
            return false;
        }

        if (fresh) lane.Window.MarkReset();
        return true;
    }

    // Whether the last fault asks for a pause.
    private bool Rests()
    {
        if (_backoff.LastFault is not { } last) return false;
        var rest = last + _backoff.Delay - Now;
        if (rest <= TimeSpan.Zero) return false;
        Hold(rest, $"Module '{_slot.Id}' faulted {_backoff.Faults} times in a row; the next instance is made in {_backoff.Delay.TotalSeconds:0.##} s. Last fault: {_turn.Faults.LastOrDefault()?.Message ?? "see before"}");
        return true;
    }

    private void Hold(TimeSpan rest, string reason) => (_turn.RetryAfter, _turn.Reason) = (rest, reason);

    private void Evict()
    {
        if (_live.LeastRecent is not { } oldest || oldest.NeedsReplay) return;
        if (oldest.Dirty && Capture(oldest) is not null) return;
        oldest.Instance?.Dispose();
        oldest.Instance = null;
        _live.Remove(oldest);
        _dirty.Remove(oldest);
    }

    [LoggerMessage(2001, LogLevel.Error, "Channel {Channel}, key '{Key}': stored state is damaged and left alone, the stream goes on without it: {Reason}")]
    private partial void LogDamaged(string channel, string key, string reason);

    [LoggerMessage(2002, LogLevel.Error, "Channel {Channel}, key '{Key}': the last {Readings} readings were given up, replaying them made the module fault again and again")]
    private partial void LogReplayGivenUp(string channel, string key, int readings);

    [LoggerMessage(2003, LogLevel.Warning, "Channel {Channel}, key '{Key}': the module cannot read the snapshot of its other version and starts empty: {Reason}")]
    private partial void LogSnapshotForeign(string channel, string key, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "Channel {Channel}: GPIO line {Line} does not answer")]
    private partial void LogLineSilent(string channel, int line);
}
