namespace Edge.Cluster.Raft;

/// <summary>The next step towards the wanted voters.</summary>
public abstract record VoterStep
{
    private VoterStep()
    {
    }

    /// <summary>The voters are as they should be.</summary>
    public sealed record None : VoterStep;

    /// <summary>Nothing may be done now; the reason is for people.</summary>
    public sealed record Wait(string Reason) : VoterStep;

    /// <summary>Seed a node and add it.</summary>
    public sealed record Add(string Node) : VoterStep;

    /// <summary>Remove a voter.</summary>
    public sealed record Remove(string Node, string Reason) : VoterStep;

    /// <summary>Stop leading, so that another voter can remove this one.</summary>
    public sealed record Resign(string Reason) : VoterStep;

    /// <summary>Tell a node that it is no voter any more.</summary>
    public sealed record Dismiss(string Node) : VoterStep;
}
