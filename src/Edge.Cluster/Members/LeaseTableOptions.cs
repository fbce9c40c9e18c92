namespace Edge.Cluster.Members;

/// <summary>Bounds of the leader's lease table.</summary>
public sealed record LeaseTableOptions
{
    /// <summary>How many book entries a member may be behind. Default 4096; a member that is farther behind gets no renewal until it has caught up.</summary>
    public ulong BehindMax { get; init; } = 4096;

    /// <summary>How long, in leases, a member may take to apply a placement that concerns it. Default 0.5; after that it gets no renewal until it has, so that its actors go where the book is read.</summary>
    public double ConcernGrace { get; init; } = 0.5;
}
