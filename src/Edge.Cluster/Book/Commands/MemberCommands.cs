using System.Collections.Immutable;
using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>Members that come and go, with what becomes of their actors: one step, so that no moment has an actor without an owner and a decision.</summary>
internal static class MemberCommands
{
    /// <summary>First the members that left, then those that joined, then the placements.</summary>
    public static void Change(BookDraft draft, ChangeMembers change)
    {
        var nodes = draft.State.Nodes.ToBuilder();
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var left in change.Left)
            Leave(draft, nodes, left, gone);
        foreach (var joined in change.Joined)
            Join(draft, nodes, joined, gone);
        if (draft.IsRefused)
            return;
        draft.State = draft.State with
        {
            Nodes = nodes.ToImmutable(),
            Placements = gone.Count == 0 ? draft.State.Placements : PlacementLoss.Apply(draft.State.Placements, gone.Contains, [], string.Join("; ", change.Left.Select(left => $"{left.Node}: {left.Reason}"))),
        };
        PlacementCommands.Put(draft, change.Placements.Select(placement => new PlannedPlacement(placement)), change.Retired, RefusalReason.Stale);
    }

    private static void Leave(BookDraft draft, ImmutableSortedDictionary<string, NodeRecord>.Builder nodes, MemberLeft left, HashSet<string> gone)
    {
        if (!nodes.TryGetValue(left.Node, out var node) || left.Member.Length == 0 || node.Member?.Id != left.Member)
        {
            draft.Refuse(RefusalReason.Stale, NodeCommands.Subject(left.Node), $"Member '{left.Member}' of node '{left.Node}' is not the present one ({Present(node)}). Plan again from the present book.");
            return;
        }
        nodes[left.Node] = NodeCommands.WithMember(node, null);
        gone.Add(left.Member);
        draft.Audit("leave", NodeCommands.Subject(left.Node), $"member {left.Member}: {left.Reason}");
    }

    private static void Join(BookDraft draft, ImmutableSortedDictionary<string, NodeRecord>.Builder nodes, MemberJoined joined, HashSet<string> gone)
    {
        if (joined.Member.Length == 0 || gone.Contains(joined.Member))
            draft.Refuse(RefusalReason.Invalid, NodeCommands.Subject(joined.Node), $"'{joined.Member}' is no new member id. A member's id is new at every start and after every lost lease.");
        else if (!nodes.TryGetValue(joined.Node, out var node))
            draft.Refuse(RefusalReason.Stale, NodeCommands.Subject(joined.Node), $"Node '{joined.Node}' is not of this site, so it has no member.");
        else if (node.Member is { } present && present.Id != joined.Member)
            draft.Refuse(RefusalReason.Stale, NodeCommands.Subject(joined.Node), $"Node '{joined.Node}' already has member '{present.Id}'; it must leave before '{joined.Member}' joins, at the latest in the same command.");
        else if (node.Member is null && nodes.Values.FirstOrDefault(other => other.Member?.Id == joined.Member) is { } holder)
            draft.Refuse(RefusalReason.Invalid, NodeCommands.Subject(joined.Node), $"Member '{joined.Member}' is the member of node '{holder.Name}'. A member's id is its own.");
        else if (node.Member is null)
        {
            nodes[joined.Node] = NodeCommands.WithMember(node, new MemberRecord { Id = joined.Member, SinceIndex = draft.Index });
            draft.Audit("join", NodeCommands.Subject(joined.Node), $"member {joined.Member}");
        }
    }

    private static string Present(NodeRecord? node) => node is null ? "the node is not of this site" : node.Member is null ? "it has none" : $"that is '{node.Member.Id}'";
}
