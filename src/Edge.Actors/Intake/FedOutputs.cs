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
    private readonly Dictionary<string, ((long, long) Number, long Sequence)> _newest = new(StringComparer.Ordinal);
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
        lock (_gate) return _newest.TryGetValue(stream, out var newest) && number.CompareTo(newest.Number) <= 0;
    }

    /// <summary>The output is in the log, at <paramref name="sequence"/> at the latest.</summary>
    public void Add(Reading output, long sequence)
    {
        if (!Split(output.OutputId, out var stream, out var number)) return;
        lock (_gate)
        {
            if (_newest.TryGetValue(stream, out var newest) && newest.Number.CompareTo(number) >= 0) return;
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

    // tenant/channel/key/log:sequence.n, where the reading at that place of that log caused it; outputs of readings that only memory held have another form, and never come again.
    private static bool Split(string id, out string stream, out (long, long) number)
    {
        var colon = id.LastIndexOf(':');
        var dot = id.IndexOf('.', colon + 1);
        number = default;
        stream = colon < 0 ? "" : id[..colon];
        if (colon < 0 || dot < 0
            || !long.TryParse(id.AsSpan(colon + 1, dot - colon - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !long.TryParse(id.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n)) return false;
        number = (sequence, n);
        return true;
    }
}
