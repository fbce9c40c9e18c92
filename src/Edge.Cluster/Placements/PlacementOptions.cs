namespace Edge.Cluster.Placements;

/// <summary>Bounds of what one step of placement does.</summary>
public sealed record PlacementOptions
{
    /// <summary>Placements that one command changes at most. Default 2000, about 400 KiB of book. What is left comes with the next command.</summary>
    public int EditsMax { get; init; } = 2000;

    /// <summary>Live moves under way at once for balance, over the whole site, at most one from and one to a node. Default 4; 0: never rebalance. A drain moves one actor a node at a time beside that.</summary>
    public int MovesMax { get; init; } = 4;

    /// <summary>How long a member must have been one before balance moves actors to it. Default 30 s, so that a node that comes and goes causes no moves.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much of its load the fuller of two nodes must have above the other before balance moves an actor. Default 0.25.</summary>
    public double Imbalance { get; init; } = 0.25;
}
