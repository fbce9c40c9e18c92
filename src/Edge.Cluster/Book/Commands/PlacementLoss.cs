using System.Collections.Immutable;
using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>What becomes of placements when members or nodes go: an owner that is gone owns nothing, and a node that is gone is nobody's standby or next node.</summary>
internal static class PlacementLoss
{
    /// <summary>The placements after the loss. The epoch stays: it grows when the actor is placed again.</summary>
    /// <param name="placements">Placements before.</param>
    /// <param name="isGone">Whether a member is gone; asked for owners only.</param>
    /// <param name="nodesGone">Nodes that left the site.</param>
    /// <param name="reason">Why, for people.</param>
    public static ImmutableDictionary<ActorName, Placement> Apply(ImmutableDictionary<ActorName, Placement> placements, Func<string, bool> isGone, IReadOnlyCollection<string> nodesGone, string reason)
    {
        var builder = placements.ToBuilder();
        foreach (var (name, placement) in placements)
        {
            var ownerGone = placement.Member.Length > 0 && isGone(placement.Member);
            var standbyGone = nodesGone.Contains(placement.Standby);
            var nextGone = placement.HasMovingTo && nodesGone.Contains(placement.MovingTo);
            if (!ownerGone && !standbyGone && !nextGone)
                continue;
            var next = placement.Clone();
            if (ownerGone)
                (next.Node, next.Member, next.Reason) = ("", "", reason);
            if (standbyGone)
                next.Standby = "";
            if (nextGone)
                next.ClearMovingTo();
            builder[name] = next;
        }
        return builder.ToImmutable();
    }
}
