namespace Edge.Cluster.Book;

/// <summary>Times of a follower. The defaults suit a LAN.</summary>
public sealed record FollowerBookOptions
{
    /// <summary>First wait after a connection that brought nothing; doubles up to <see cref="BackoffMax"/>. Default 100 ms.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait between two tries to follow. Default 5 s.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A node that sends nothing this long is left for another; it should send at least every second. Default 4 s.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest wait for one node's answer to an append or a read barrier. Default 3 s.</summary>
    public TimeSpan AttemptMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest time of an append or a linearizable read as a whole; then it fails in words. Default 15 s, above the longest election measured.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Least time between two writes of the copy on disk. Default 1 s.</summary>
    public TimeSpan CopyEvery { get; init; } = TimeSpan.FromSeconds(1);
}
