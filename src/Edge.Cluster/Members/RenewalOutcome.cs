namespace Edge.Cluster.Members;

/// <summary>The leader's answer to a renewal. Closed: these are all.</summary>
public abstract record RenewalOutcome
{
    private RenewalOutcome()
    {
    }

    /// <summary>Granted.</summary>
    /// <param name="Lease">How long, from the moment when the request was sent.</param>
    /// <param name="RenewEvery">When to ask again.</param>
    public sealed record Granted(TimeSpan Lease, TimeSpan RenewEvery) : RenewalOutcome;

    /// <summary>Not now: ask again. The lease that the member has runs on.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Later(string Reason) : RenewalOutcome;

    /// <summary>Never under this member id: the member ends itself at once and joins under a new id.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Ended(string Reason) : RenewalOutcome;
}
