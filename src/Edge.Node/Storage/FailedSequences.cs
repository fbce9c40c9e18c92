using Edge.Actors.Intake;

namespace Edge.Node.Storage;

/// <summary>Sequences that were given out and never became durable, each with why, so that nobody who asks late is told that they are safe. Not thread-safe.</summary>
internal sealed class FailedSequences
{
    private const int MostRanges = 1024;

    private readonly List<(long First, long Last, IntakeUnavailableException Reason)> _ranges = [];

    /// <summary>Adds a range above all others. Beyond 1024 ranges the two oldest become one, with all between them: a late question about those is answered with no.</summary>
    public void Add(long first, long last, IntakeUnavailableException reason)
    {
        if (_ranges.Count > 0 && _ranges[^1].Last == first - 1)
        {
            _ranges[^1] = (_ranges[^1].First, last, reason);
            return;
        }
        _ranges.Add((first, last, reason));
        if (_ranges.Count > MostRanges)
        {
            _ranges[1] = (_ranges[0].First, _ranges[1].Last, _ranges[1].Reason);
            _ranges.RemoveAt(0);
        }
    }

    /// <summary>Why a sequence was not kept; null when it is in none of the ranges.</summary>
    public IntakeUnavailableException? Reason(long sequence)
    {
        foreach (var (first, last, reason) in _ranges)
            if (sequence >= first && sequence <= last)
                return reason;
        return null;
    }
}
