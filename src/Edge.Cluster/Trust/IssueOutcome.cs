namespace Edge.Cluster.Trust;

/// <summary>What became of a certificate request.</summary>
public abstract record IssueOutcome
{
    private IssueOutcome()
    {
    }

    /// <summary>Signed.</summary>
    /// <param name="Der">The certificate.</param>
    public sealed record Issued(byte[] Der) : IssueOutcome;

    /// <summary>Not signed.</summary>
    /// <param name="Message">For people: what is wrong with it and what is allowed.</param>
    public sealed record Refused(string Message) : IssueOutcome;
}
