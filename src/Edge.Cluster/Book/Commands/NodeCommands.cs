using System.Collections.Immutable;
using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>Commands about admitted nodes: what they say of themselves, cordon, removal.</summary>
internal static class NodeCommands
{
    /// <summary>Takes what a node says of itself at start. Only under the key that was admitted.</summary>
    public static void Update(BookDraft draft, UpdateNode update)
    {
        if (Find(draft, update.Node?.Name ?? "") is not { } known)
            return;
        var about = update.Node!;
        if (about.KeyFingerprint != known.KeyFingerprint)
        {
            draft.Refuse(RefusalReason.NameTaken, Subject(known.Name), $"Node '{known.Name}' was admitted with another key, so this is another node. Give it another name, or remove the old one with `edge node rm {known.Name}` and join again.");
            return;
        }
        var next = Told(known, about);
        if (next.Equals(known))
            return;
        draft.State = draft.State with { Nodes = draft.State.Nodes.SetItem(next.Name, next) };
        // Addresses and free room change by themselves; the audit log tells what a person did: another program, other labels, another part in the site.
        if (next.Version != known.Version || !next.Labels.Equals(known.Labels) || next.MayVote != known.MayVote || next.Witness != known.Witness)
            draft.Audit("update", Subject(next.Name), $"version {next.Version}, labels {string.Join(",", next.Labels.Select(label => $"{label.Key}={label.Value}"))}");
    }

    /// <summary>Cordons, drains or uncordons.</summary>
    public static void Cordon(BookDraft draft, CordonNode cordon)
    {
        if (Find(draft, cordon.Name) is not { } known)
            return;
        if (cordon.Drain && !cordon.HasReason)
        {
            draft.Refuse(RefusalReason.Invalid, Subject(known.Name), "A drain needs a reason: a draining node is cordoned, and people should read why.");
            return;
        }
        var next = known.Clone();
        if (cordon.HasReason)
            next.Cordoned = cordon.Reason;
        else
            next.ClearCordoned();
        next.Draining = cordon.Drain;
        if (next.Equals(known))
            return;
        draft.State = draft.State with { Nodes = draft.State.Nodes.SetItem(next.Name, next) };
        draft.Audit(cordon.Drain ? "drain" : cordon.HasReason ? "cordon" : "uncordon", Subject(next.Name), cordon.Reason);
    }

    /// <summary>Removes a node: it is not of the site any more, whatever certificate it shows, and its actors are nowhere.</summary>
    public static void Remove(BookDraft draft, RemoveNode remove)
    {
        if (Find(draft, remove.Name) is not { } known)
            return;
        if (!draft.State.Nodes.Values.Any(node => node.MayVote && node.Name != known.Name))
        {
            draft.Refuse(RefusalReason.InUse, Subject(known.Name), $"Node '{known.Name}' cannot be removed: no other node of the site may hold the book. Join another one first.");
            return;
        }
        var member = known.Member?.Id;
        draft.State = draft.State with
        {
            Nodes = draft.State.Nodes.Remove(known.Name),
            Placements = PlacementLoss.Apply(draft.State.Placements, owner => owner == member, [known.Name], $"node {known.Name} was removed"),
        };
        draft.Audit("remove", Subject(known.Name));
    }

    /// <summary>Subject of a node in refusals and the audit log.</summary>
    public static string Subject(string name) => $"Node/{name}";

    /// <summary>A node's record as it is admitted: what it says of itself, and nothing that only the site may say.</summary>
    public static NodeRecord Admitted(NodeRecord about, ulong index)
    {
        var node = Told(new NodeRecord { Name = about.Name, KeyFingerprint = about.KeyFingerprint }, about);
        node.AdmittedIndex = index;
        return node;
    }

    /// <summary>The record with what the node says of itself; cordon, drain, member and admission stay what the site says.</summary>
    public static NodeRecord Told(NodeRecord known, NodeRecord about)
    {
        var next = about.Clone();
        next.Labels.Clear();
        // Sorted, so that the same labels are the same bytes.
        foreach (var label in about.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            next.Labels.Add(label.Key, label.Value);
        (next.Name, next.KeyFingerprint, next.Draining, next.AdmittedIndex, next.Member) = (known.Name, known.KeyFingerprint, known.Draining, known.AdmittedIndex, known.Member);
        if (known.HasCordoned)
            next.Cordoned = known.Cordoned;
        else
            next.ClearCordoned();
        return next;
    }

    /// <summary>The record with another member, or none.</summary>
    public static NodeRecord WithMember(NodeRecord node, MemberRecord? member)
    {
        if (Equals(node.Member, member))
            return node;
        var next = node.Clone();
        next.Member = member;
        return next;
    }

    /// <summary>The node, or null after a refusal that names those there are.</summary>
    public static NodeRecord? Find(BookDraft draft, string name)
    {
        if (draft.State.Nodes.TryGetValue(name, out var node))
            return node;
        draft.Refuse(RefusalReason.NotFound, Subject(name), $"Node '{name}' is not of this site. Its nodes: {string.Join(", ", draft.State.Nodes.Keys)}.");
        return null;
    }
}
