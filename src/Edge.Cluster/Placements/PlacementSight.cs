namespace Edge.Cluster.Placements;

/// <summary>What placement must know that is known by time only, as the leader's leases tell it.</summary>
/// <param name="IsOver">Whether a member that is in the book no longer can act no more.</param>
/// <param name="HasSettled">Whether a member has been one long enough for balance to move actors to it.</param>
/// <param name="Leaving">Nodes that asked to leave.</param>
public sealed record PlacementSight(Func<string, bool> IsOver, Func<string, bool> HasSettled, IReadOnlySet<string> Leaving);
