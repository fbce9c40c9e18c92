using Edge.Cluster.Members;
using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>Commands about the lead: who decides by time, and that nobody else does.</summary>
internal static class LeadCommands
{
    /// <summary>A leader takes the lead: what another decided before and sends later is refused.</summary>
    public static void Take(BookDraft draft, TakeLead take)
    {
        if (NodeCommands.Find(draft, take.Node) is null)
            return;
        if (take.LeaseMs == 0 || take.ExpiryMs <= take.LeaseMs)
            draft.Refuse(RefusalReason.Invalid, "lead", $"Leases of {take.LeaseMs} ms that expire after {take.ExpiryMs} ms let a member act beside its successor. The expiry must be the longer one.");
        else
            draft.State = draft.State with { Lead = Leads.After(draft.State.Lead, take, draft.Index) };
    }

    /// <summary>Refuses a command that was decided under another lead. Returns whether it may go on.</summary>
    public static bool Holds(BookDraft draft, ulong lead)
    {
        if (!Leads.IsStale(draft.State.Lead, lead))
            return true;
        draft.Refuse(RefusalReason.Stale, "lead", $"The command was decided under lead {lead}; node '{draft.State.Lead?.Node}' leads since entry {draft.State.Lead?.Index ?? 0}. Only the present leader's clock tells who is gone.");
        return false;
    }
}
