using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>What speaks against a planned placement. Pure.</summary>
internal static class PlacementRules
{
    /// <summary>The reason and the words, or null when it may be.</summary>
    /// <param name="state">The book with the members as they are after the command.</param>
    /// <param name="name">The actor.</param>
    /// <param name="planned">What is wanted.</param>
    /// <param name="present">What is there; null for nothing.</param>
    /// <param name="next">What would be there.</param>
    /// <param name="owned">Reason of the refusal to take an actor from a present member.</param>
    public static (RefusalReason Reason, string Message)? Against(BookState state, ActorName name, PlannedPlacement planned, Placement? present, Placement next, RefusalReason owned)
    {
        if (planned.ChecksExpected && Epochs.Compare(planned.Expected, present?.Epoch) != 0)
            return (RefusalReason.Stale, $"The placement of '{name}' was planned on epoch {Epochs.Text(planned.Expected)}; it is in epoch {Epochs.Text(present?.Epoch)} now. Plan again from the present book.");
        if (planned.KeepsOwner && present is null)
            return (RefusalReason.Stale, $"'{name}' has no placement whose owner could stay. Plan again from the present book.");
        return (planned.KeepsOwner ? null : AgainstOwner(state, name, present, next, owned)) ?? AgainstOthers(state, name, next);
    }

    private static (RefusalReason, string)? AgainstOwner(BookState state, ActorName name, Placement? present, Placement next, RefusalReason owned)
    {
        if (present is not null && present.Member.Length > 0 && present.Member != next.Member && IsPresent(state, present))
            return (owned, $"'{name}' is owned by member '{present.Member}' of node '{present.Node}' in epoch {Epochs.Text(present.Epoch)}, which is still a member. Set moving_to and wait until it has released the actor, or until its lease has expired.");
        if (next.Node.Length == 0)
            return next.Member.Length == 0 ? null : (RefusalReason.Invalid, $"'{name}' is given to member '{next.Member}' of no node. Name both, or neither.");
        if (!IsPresent(state, next))
            return (RefusalReason.Stale, $"'{name}' is given to member '{next.Member}' of node '{next.Node}', which is not a present member. Plan again from the present book.");
        return state.Nodes[next.Node].Witness ? (RefusalReason.Invalid, $"'{name}' is given to node '{next.Node}', which is a witness and runs no actors.") : null;
    }

    private static (RefusalReason, string)? AgainstOthers(BookState state, ActorName name, Placement next)
    {
        if (next.Standby.Length > 0 && !state.Nodes.ContainsKey(next.Standby))
            return (RefusalReason.Stale, $"The standby of '{name}', node '{next.Standby}', is not of this site. Plan again from the present book.");
        if (next.Standby.Length > 0 && next.Standby == next.Node)
            return (RefusalReason.Invalid, $"Node '{next.Node}' would be owner and standby of '{name}'; the standby keeps the copy for when the owner dies. Name another, or none.");
        return next.MovingTo.Length > 0 && !state.Nodes.ContainsKey(next.MovingTo) ? (RefusalReason.Stale, $"The next node of '{name}', '{next.MovingTo}', is not of this site. Plan again from the present book.") : null;
    }

    private static bool IsPresent(BookState state, Placement placement) =>
        placement.Member.Length > 0 && state.Nodes.TryGetValue(placement.Node, out var node) && node.Member?.Id == placement.Member;
}
