using System.Buffers;
using Edge.Actors.Channels.Keys;
using Edge.Wasm.Faults;

namespace Edge.Actors.Channels;

// State on its way to the store, and the end.
internal sealed partial class ChannelPipeline
{
    /// <summary>
    /// Captures the state of every key that changed. Null, or why it cannot be: then nothing may be committed, since readings up to <see cref="Position"/> are in no captured state.
    /// </summary>
    public (string? Problem, ChannelRun Turn) Capture()
    {
        _turn = new(0);
        RecoverAll();
        foreach (var lane in _dirty.ToList())
        {
            if (lane.NeedsReplay) return (_turn.Reason ?? "An instance is being brought back.", _turn);
            if (Capture(lane) is { } problem) return (problem, _turn);
        }

        Uncaptured = 0;
        return (null, _turn);
    }

    /// <summary>Ends all instances. On a guest thread, after the last turn.</summary>
    public void Close()
    {
        foreach (var lane in _live.Lanes) lane.Instance?.Dispose();
    }

    private string? Capture(KeyLane lane)
    {
        ReadOnlyMemory<byte>? snapshot = null;
        if (_slot.KeepsState && lane.Instance is { } instance)
        {
            var bytes = new ArrayBufferWriter<byte>();
            if (instance.Snapshot(bytes).Fault is { } fault)
            {
                if (!fault.InstanceSurvives)
                {
                    lane.SnapshotFaulted = true;
                    lane.SilentCalls = Math.Max(lane.SilentCalls, lane.Calls);
                    EndInstance(lane, fault);
                }

                return $"Key '{lane.Key}' gave no snapshot: {fault.Message}";
            }

            snapshot = bytes.WrittenMemory;
        }

        lane.SnapshotFaulted = false;
        _commits.Put(lane.Key, lane.Capture(snapshot, _slot.DigestBytes));
        _dirty.Remove(lane);
        return null;
    }
}
