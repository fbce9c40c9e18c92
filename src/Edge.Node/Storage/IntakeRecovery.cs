namespace Edge.Node.Storage;

/// <summary>What was found in a log's folder.</summary>
/// <param name="Segments">Oldest first.</param>
/// <param name="Last">Sequence of the last intact record; the trim point when none is left.</param>
/// <param name="Damage">What is missing between the trim point and the end.</param>
/// <param name="TornAt">Offset in the last segment of a record that a crash cut short; null when the log ends cleanly.</param>
internal sealed record RecoveredIntake(IReadOnlyList<IntakeSegment> Segments, long Last, IReadOnlyList<IntakeDamage> Damage, long? TornAt);

/// <summary>
/// Reads every segment of a log's folder once and tells three things apart: free space behind the last record, a record that a crash cut short there
/// (nobody was told that it is safe), and damage: an intact record follows, or the next segment's name or an orderly close says that one was there.
/// Writes nothing.
/// </summary>
internal sealed class IntakeRecovery(string folder, IntakeMark mark, bool markIsDamaged)
{
    private readonly List<IntakeDamage> _damage = [];
    private long _last;

    /// <summary>Scans the folder.</summary>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public RecoveredIntake Scan()
    {
        var names = Directory.EnumerateFiles(folder).Select(path => SegmentName.Parse(Path.GetFileName(path))).OfType<SegmentName>().OrderBy(name => name.After).ToList();
        var segments = new List<IntakeSegment>(names.Count);
        long? tornAt = null;
        _last = markIsDamaged && names.Count > 0 ? names[0].After : mark.Trimmed;
        for (var i = 0; i < names.Count; i++)
        {
            var segment = new IntakeSegment(folder, names[i]);
            segments.Add(segment);
            if (segment.Name.After > _last)
                Lost(segment, 0, 0, segment.Name.After);
            var isLast = i == names.Count - 1;
            tornAt = Scan(segment, isLast ? Highest : names[i + 1].After) ? segment.End : null;
            var written = isLast ? mark.ClosedAt : names[i + 1].After;
            if (segment.Last < written)
                Lost(segment, segment.End, segment.Capacity - segment.End, written);
        }
        return new RecoveredIntake(segments, _last, _damage, tornAt);
    }

    private long Highest => markIsDamaged ? long.MaxValue : mark.Ceiling;

    private bool Scan(IntakeSegment segment, long highest)
    {
        using var reader = segment.Reader(0, segment.Capacity, segment.Name.After, highest);
        var gap = -1L;
        while (true)
        {
            switch (reader.Next())
            {
                case SegmentItem.End:
                    return reader.EndIsTorn();
                case SegmentItem.Damage:
                    gap = reader.ItemOffset;
                    break;
                default:
                    if (gap >= 0)
                        Lost(segment, gap, reader.ItemOffset - gap, reader.Sequence - 1);
                    gap = -1;
                    segment.Know(reader.Sequence, reader.ItemOffset, reader.Offset);
                    _last = Math.Max(_last, reader.Sequence);
                    break;
            }
        }
    }

    private void Lost(IntakeSegment segment, long offset, long bytes, long lastLost)
    {
        var firstLost = Math.Max(_last, mark.Trimmed) + 1;
        if (lastLost >= firstLost)
            _damage.Add(new IntakeDamage(segment.Name.ToString(), offset, bytes, firstLost, lastLost, Copy: null));
        _last = Math.Max(_last, lastLost);
    }
}
