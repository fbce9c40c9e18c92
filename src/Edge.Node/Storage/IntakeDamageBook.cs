namespace Edge.Node.Storage;

/// <summary>Collects damage to the intake log, keeps copies of it aside and tells people, once for each place. Thread-safe.</summary>
internal sealed class IntakeDamageBook(Quarantine quarantine, StorageMetrics metrics, ILogger logger)
{
    private const int MostKept = 256;

    private readonly Lock _gate = new();
    private readonly HashSet<(string, long)> _known = [];
    private readonly List<IntakeDamage> _found = [];

    /// <summary>What was found since the log was opened; at most 256 places.</summary>
    public IReadOnlyList<IntakeDamage> Found
    {
        get
        {
            lock (_gate)
                return [.. _found];
        }
    }

    /// <summary>Reports what recovery found.</summary>
    public void Report(RecoveredIntake recovered, string folder)
    {
        foreach (var damage in recovered.Damage)
            Report(Path.Combine(folder, damage.Segment), damage);
    }

    /// <summary>Reports a place that went bad while the log was open.</summary>
    public void Report(IntakeSegment segment, SegmentGap gap) =>
        Report(segment.Path, new IntakeDamage(segment.Name.ToString(), gap.Start, gap.End - gap.Start, gap.FirstLost, gap.LastLost, Copy: null));

    private void Report(string segmentPath, IntakeDamage damage)
    {
        lock (_gate)
        {
            if (_known.Count >= MostKept || !_known.Add((damage.Segment, damage.Offset)))
                return;
            var (kept, isNew) = damage.Bytes > 0 ? quarantine.Keep(segmentPath, damage) : (damage, true);
            _found.Add(kept);
            metrics.Damaged();
            if (isNew)
                logger.IntakeDamaged(kept);
        }
    }
}
