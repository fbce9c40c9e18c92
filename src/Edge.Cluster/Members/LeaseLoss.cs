namespace Edge.Cluster.Members;

/// <summary>Why a member may no longer act. The end of that member id: the node ends its fenced actor system and joins under a new one.</summary>
/// <param name="RanOut">The lease ran out unrenewed; otherwise it was revoked.</param>
/// <param name="Reason">For people.</param>
public sealed record LeaseLoss(bool RanOut, string Reason);
