namespace Edge.Node.Storage;

/// <summary>Sequences that were given out and never became durable, so that nobody who asks late is told that they are safe. Not thread-safe.</summary>
internal sealed class FailedSequences
{
    private const int MostRanges = 1024;

    private readonly List<(long First, long Last)> _ranges = [];

    /// <summary>Adds a range above all others. Beyond 1024 ranges the two oldest become one, with all between them: a late question about those is answered with no.</summary>
    public void Add(long first, long last)
    {
        if (_ranges.Count > 0 && _ranges[^1].Last == first - 1)
        {
            _ranges[^1] = (_ranges[^1].First, last);
            return;
        }
        _ranges.Add((first, last));
        if (_ranges.Count > MostRanges)
        {
            _ranges[1] = (_ranges[0].First, _ranges[1].Last);
            _ranges.RemoveAt(0);
        }
    }

    /// <summary>Whether a sequence is in one of the ranges.</summary>
    public bool Contains(long sequence)
    {
        foreach (var (first, last) in _ranges)
            if (sequence >= first && sequence <= last)
                return true;
        return false;
    }
}
