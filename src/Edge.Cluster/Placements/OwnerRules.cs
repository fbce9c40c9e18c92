using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>What the book itself can check of a placement, without clocks: the last guard against two owners, whatever a leader planned.</summary>
public static class OwnerRules
{
    /// <summary>Null if the actor's owner may become the one of <paramref name="next"/>; otherwise why not (stale).</summary>
    /// <param name="current">Its placement now; null for none.</param>
    /// <param name="next">The placement proposed.</param>
    /// <param name="after">The book with the members as they are after the command.</param>
    public static string? RefusalOfOwner(Placement? current, Placement next, BookState after)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (current is { Node.Length: > 0 } && IsMember(after, current.Node, current.Member))
            return $"Actor {ActorName.Of(current)} is with member '{current.Member}' of node '{current.Node}', which has not released it.";
        return next.Node.Length == 0 || IsMember(after, next.Node, next.Member) && !after.Nodes[next.Node].Witness
            ? null
            : $"Actor {ActorName.Of(next)} cannot go to member '{next.Member}' of node '{next.Node}', which is none (or a witness).";
    }

    /// <summary>Null if standby or next node may change and the owner stays; otherwise why not (stale).</summary>
    /// <param name="current">Its placement now; null for none.</param>
    /// <param name="next">The placement proposed.</param>
    public static string? RefusalOfKeeping(Placement? current, Placement next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return current is not null && current.Node == next.Node && current.Member == next.Member
            ? null
            : $"Actor {ActorName.Of(next)} is no longer with member '{next.Member}' of node '{next.Node}'.";
    }

    private static bool IsMember(BookState state, string node, string member) =>
        state.Nodes.TryGetValue(node, out var record) && record.Member is { } current && current.Id == member;
}
