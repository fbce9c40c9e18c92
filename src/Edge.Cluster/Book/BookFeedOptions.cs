namespace Edge.Cluster.Book;

/// <summary>Bounds of what a node keeps for its followers.</summary>
public sealed record BookFeedOptions
{
    /// <summary>Recent entries that are kept; a follower further behind gets the whole book. Default 4096, at least 1.</summary>
    public int EntriesMax { get; init; } = 4096;

    /// <summary>Bytes that these entries may have together; the last one stays whatever its size. Default 16 MiB.</summary>
    public long BytesMax { get; init; } = 16 << 20;

    /// <summary>How often a follower hears which index is committed. Default 1 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);
}
