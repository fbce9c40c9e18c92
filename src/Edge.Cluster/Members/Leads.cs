using Edge.Messages.Book;

namespace Edge.Cluster.Members;

/// <summary>
/// The rule of the lead. Whether a member is gone is known by time, and only the leader of the moment measured it; so a leader's first entry names it, and what an earlier leader decided and sends (or has resent) after that
/// entry is refused. The log's own terms do not do this: a command that its sender repeats, or that another node forwards, gets the term of whoever leads by then.
/// The lead also carries how long leases may still run that others granted, because lease times follow the disks and differ between leads.
/// </summary>
public static class Leads
{
    /// <summary>The record after a leader took the lead.</summary>
    /// <param name="before">The record until then; null for the first.</param>
    /// <param name="take">The command.</param>
    /// <param name="index">Its index.</param>
    public static LeadRecord After(LeadRecord? before, TakeLead take, ulong index)
    {
        ArgumentNullException.ThrowIfNull(take);
        var outstanding = before is null ? 0
            : take.SettledLead == before.Index ? before.ExpiryMs
            : Math.Max(before.ExpiryMs, before.OutstandingMs);
        return new() { Index = index, Node = take.Node, LeaseMs = take.LeaseMs, ExpiryMs = take.ExpiryMs, OutstandingMs = outstanding };
    }

    /// <summary>Whether a command was decided under another lead than the present one: refuse it (stale).</summary>
    /// <param name="current">The present lead; null if none was taken yet.</param>
    /// <param name="lead">Index of the lead that the command names.</param>
    public static bool IsStale(LeadRecord? current, ulong lead) => (current?.Index ?? 0) != lead;
}
