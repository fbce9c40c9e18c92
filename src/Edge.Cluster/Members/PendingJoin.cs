namespace Edge.Cluster.Members;

/// <summary>A member id that asked to become a member and may.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Member">The new id.</param>
/// <param name="Supersedes">The node's member until now, which has ended; empty if the node has none.</param>
public sealed record PendingJoin(string Node, string Member, string Supersedes);
