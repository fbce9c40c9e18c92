namespace Edge.Actors.Channels;

/// <summary>When a channel commits: pure, the caller brings the time.</summary>
/// <param name="spec">The channel's.</param>
internal sealed class CommitSchedule(CommitSpec spec)
{
    /// <summary>The longest wait between tries of a commit that fails.</summary>
    public static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private TimeSpan _notBefore = TimeSpan.MinValue;
    private int _failures;

    /// <summary>Why the last commit failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether so many readings are in no captured state that the channel must take no more: memory for replays is bounded.</summary>
    public bool Holds(int uncaptured) => uncaptured >= 4L * spec.Readings;

    /// <summary>Whether readings alone make a commit due.</summary>
    public bool DueBy(int uncaptured, TimeSpan now) => uncaptured >= spec.Readings && May(now);

    /// <summary>Whether a commit may be tried now.</summary>
    public bool May(TimeSpan now) => now >= _notBefore;

    /// <summary>Notes a success.</summary>
    public void Succeeded() => (_failures, _notBefore, Failure) = (0, TimeSpan.MinValue, null);

    /// <summary>Notes a failure; returns how long to wait before the next try: 1 s, doubled each time, at most 30 s.</summary>
    public TimeSpan Failed(string reason, TimeSpan now)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(LongestRetry.TotalSeconds, 1 << Math.Min(_failures++, 10)));
        (_notBefore, Failure) = (now + wait, reason);
        return wait;
    }
}
