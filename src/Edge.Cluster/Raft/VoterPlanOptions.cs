namespace Edge.Cluster.Raft;

/// <summary>How patient the voter plan is.</summary>
public sealed record VoterPlanOptions
{
    /// <summary>A voter that does not answer so long is replaced, if another node is there. Default 30 s: a reboot of a Pi changes nothing.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A node must have been alive so long to become a voter. Default 1 s.</summary>
    public TimeSpan AliveAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A change that has no result after so long is looked at again. Default 10 s.</summary>
    public TimeSpan ChangeWithin { get; init; } = TimeSpan.FromSeconds(10);
}
