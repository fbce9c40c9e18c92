using Edge.Messages.Site;

namespace Edge.Cluster.Members;

/// <summary>Who asks for a lease, and whom.</summary>
public sealed record SiteMemberOptions
{
    /// <summary>This node.</summary>
    public required string Node { get; init; }

    /// <summary>The new member id, written down in the data folder before it is used.</summary>
    public required string Member { get; init; }

    /// <summary>The id that was written down before; empty for a new data folder.</summary>
    public required string Replaces { get; init; }

    /// <summary>Book index that this node has applied.</summary>
    public required Func<ulong> Applied { get; init; }

    /// <summary>Load of this node now.</summary>
    public required Func<Load> Load { get; init; }

    /// <summary>Flush time of this node's disk, 99th percentile; zero: not measured yet.</summary>
    public required Func<TimeSpan> FlushP99 { get; init; }

    /// <summary>Brings a request to the leader, wherever it is. Throws <see cref="Book.BookUnavailableException"/> when no leader answered in time.</summary>
    public required Func<RenewRequest, CancellationToken, Task<RenewReply>> Ask { get; init; }
}
