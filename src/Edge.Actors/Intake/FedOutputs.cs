using System.Globalization;
using Edge.Messages.Intake;

namespace Edge.Actors.Intake;

/// <summary>
/// Which channel outputs are in the intake log already: for each stream of outputs the newest number, since they are appended in order. What the log holds from before the
/// start is read when it is first asked for. Forgets streams that no longer have anything in the log. Thread-safe.
/// </summary>
internal sealed class FedOutputs(IIntakeLog log)
{
    private const int ReadAtOnce = 1024;
    private const int PruneMin = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Number, long Sequence)> _newest = new(StringComparer.Ordinal);
    private readonly long _before = log.Last;
    private Task? _known;
    private int _pruneAt = PruneMin;

    /// <summary>Completes when the log was read up to where it ended at the start.</summary>
    public Task KnownAsync()
    {
        lock (_gate) return _known ??= Task.Run(Read);
    }

    /// <summary>Whether the output is in the log. False for those that no replay repeats, and for QoS 0.</summary>
    public bool Contains(Reading output)
    {
        if (output.Qos == 0 || !Split(output.OutputId, out var stream, out var number)) return false;
        lock (_gate) return _newest.TryGetValue(stream, out var newest) && number <= newest.Number;
    }

    /// <summary>The output is in the log, at <paramref name="sequence"/> at the latest.</summary>
    public void Add(Reading output, long sequence)
    {
        if (!Split(output.OutputId, out var stream, out var number)) return;
        lock (_gate)
        {
            if (_newest.TryGetValue(stream, out var newest) && newest.Number >= number) return;
            _newest[stream] = (number, sequence);
            if (_newest.Count >= _pruneAt) Prune();
        }
    }

    private void Read()
    {
        for (long after = 0; after < _before;)
        {
            var readings = log.Read(after, ReadAtOnce);
            if (readings.Count == 0) return;
            foreach (var (sequence, reading) in readings) Add(reading, sequence);
            after = readings[^1].Sequence;
        }
    }

    // What is trimmed was committed by its sender too, and is never given again.
    private void Prune()
    {
        var first = log.First;
        foreach (var gone in _newest.Where(s => s.Value.Sequence < first).Select(s => s.Key).ToList()) _newest.Remove(gone);
        _pruneAt = Math.Max(PruneMin, 2 * _newest.Count);
    }

    // tenant/channel/key/number; outputs of readings that only memory held have run.number, and never come again.
    private static bool Split(string id, out string stream, out long number)
    {
        var slash = id.LastIndexOf('/');
        stream = slash < 0 ? "" : id[..slash];
        return long.TryParse(id.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
