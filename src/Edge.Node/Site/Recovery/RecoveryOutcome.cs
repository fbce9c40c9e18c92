namespace Edge.Node.Site.Recovery;

/// <summary>What became of carrying a site on from one node.</summary>
internal abstract record RecoveryOutcome
{
    private RecoveryOutcome()
    {
    }

    /// <summary>Done: what was done, and what is left for people, a line each.</summary>
    public sealed record Done(IReadOnlyList<string> Lines) : RecoveryOutcome;

    /// <summary>Nothing was changed: why, and what to do.</summary>
    public sealed record Refused(string Message) : RecoveryOutcome;
}
