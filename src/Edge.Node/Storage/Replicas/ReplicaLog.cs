using Edge.Cluster.Mirroring;
using Edge.Messages.Site;

namespace Edge.Node.Storage.Replicas;

/// <summary>
/// The copy of one other node's intake log, kept in an <see cref="IntakeLog"/> of its own, so that damage, full disks and failed syncs are handled as they are there. Each record carries
/// the sequence that it has in the copied log. Ends with <see cref="Dispose"/>.
/// </summary>
/// <param name="log">The log below.</param>
internal sealed class ReplicaLog(IntakeLog log) : IReplica, IDisposable
{
    // What a search reads at a time to find its place.
    private const int Step = 512;

    // Trimming reads what it lets go of: not for every batch.
    private const int TrimStep = 4_096;

    private readonly Lock _gate = new();
    private long _last = LastOrigin(log);
    private long _upTo;
    private long _trimmed;

    // A place found by the last read: origin sequence, and the log's own sequence that holds it or comes before it.
    private (long Origin, long Own) _place;

    /// <inheritdoc/>
    public long UpTo
    {
        get { lock (_gate) return _upTo; }
    }

    /// <inheritdoc/>
    public long Last
    {
        get { lock (_gate) return _last; }
    }

    /// <inheritdoc/>
    public async Task AppendAsync(IReadOnlyList<LoggedReading> readings, long upTo)
    {
        long end = 0;
        lock (_gate)
        {
            foreach (var logged in readings)
            {
                if (logged.Sequence <= _last) continue;
                var copy = logged.Reading.Clone();
                copy.Origin = logged.Sequence;
                end = log.Append(copy);
                _last = logged.Sequence;
            }
        }

        if (end > 0) await log.FlushedAsync(end);
        lock (_gate) _upTo = Math.Max(_upTo, upTo);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LoggedReading> Read(long after, int max)
    {
        var found = new List<LoggedReading>();
        long own;
        lock (_gate) own = _place.Origin <= after ? _place.Own : log.First - 1;
        while (found.Count < max)
        {
            var step = log.Read(own, Step);
            if (step.Count == 0) break;
            foreach (var (sequence, reading) in step)
            {
                if (reading.Origin > after)
                {
                    if (found.Count == max) break;
                    found.Add(new() { Sequence = reading.Origin, Reading = reading });
                }
                else
                {
                    lock (_gate) _place = (reading.Origin, sequence);
                }

                own = sequence;
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public void Trim(long sequence)
    {
        lock (_gate)
        {
            if (sequence < _trimmed + TrimStep) return;
            _trimmed = sequence;
        }

        var own = log.First - 1;
        while (log.Read(own, Step) is { Count: > 0 } step)
        {
            var below = step.TakeWhile(r => r.Reading.Origin <= sequence).ToList();
            if (below.Count > 0) own = below[^1].Sequence;
            if (below.Count < step.Count) break;
        }

        if (own >= log.First) log.Trim(own);
    }

    /// <inheritdoc/>
    public void Dispose() => log.Dispose();

    private static long LastOrigin(IntakeLog log)
    {
        var (own, origin) = (log.First - 1, 0L);
        while (log.Read(own, Step) is { Count: > 0 } step) (own, origin) = (step[^1].Sequence, step[^1].Reading.Origin);
        return origin;
    }
}
