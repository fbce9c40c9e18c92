using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>
/// Where actors shall run: the board → changes of the book. Moves as little as possible: an owner changes only when it is gone, its node no longer suits, is drained or leaves, or balance is bad; a node that comes back
/// gets nothing back by force. An owner that lives is first asked to stop (<c>moving_to</c>, or <c>stopping</c> if none comes next); the next one follows after it has released the actor. What cannot be placed says why.
/// Pure: the same board and sight give the same plan on every machine. One plan is carried out, or refused, before the next is made.
/// </summary>
public static class PlacementPlan
{
    private static readonly Dictionary<string, string?> NoChange = [];

    /// <summary>New owners for the actors of members that go, and for those that wait, to be committed in the same step as the members' change.</summary>
    /// <param name="board">The board before the change.</param>
    /// <param name="members">Members as they will be, where they differ, by node; null: none.</param>
    /// <param name="sight">What is known by time.</param>
    /// <param name="options">Bounds.</param>
    public static IReadOnlyList<Placement> WithMembers(PlacementBoard board, IReadOnlyDictionary<string, string?> members, PlacementSight sight, PlacementOptions options)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(options);
        var draft = new PlacementDraft(board, members, sight.Leaving);
        var homeless = members.Keys.SelectMany(name => board.Nodes.TryGetValue(name, out var node) ? node.Owned : [])
            .Where(actor => actor.Demand is not null && (actor.IsLive || sight.IsOver(actor.Placement!.Member)));
        return [.. homeless.Concat(board.Unowned).Distinct().Order(BySize.Order).Select(actor => Owner(draft, actor)).OfType<Placement>().Take(options.EditsMax)];
    }

    /// <summary>The next changes of placements among the members there are; null if all is as it should be.</summary>
    public static PlaceActors? Next(PlacementBoard board, PlacementSight sight, PlacementOptions options)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(options);
        var draft = new PlacementDraft(board, NoChange, sight.Leaving);
        var change = new PlaceActors();
        var edited = new HashSet<BoardActor>();
        var orphans = board.Orphaned.Where(actor => sight.IsOver(actor.Placement!.Member));
        Add(change, edited, options, board.Unowned.Concat(orphans).Order(BySize.Order).Select(actor => (actor, Owner(draft, actor))), keepsOwner: false);
        if (board.KnowsDemands)
            Retire(board, sight, options, change);
        Add(change, edited, options, board.Alone.Select(actor => (actor, Standby(draft, actor))), keepsOwner: true);
        Add(change, edited, options, PlacementMoves.Next(board, draft, sight, options), keepsOwner: true);
        return change.Edits.Count + change.Retired.Count > 0 ? change : null;
    }

    private static void Add(PlaceActors change, HashSet<BoardActor> edited, PlacementOptions options, IEnumerable<(BoardActor Actor, Placement? Placement)> placements, bool keepsOwner)
    {
        foreach (var (actor, placement) in placements)
        {
            if (change.Edits.Count >= options.EditsMax)
                return;
            // One edit an actor: a move that begins waits until the standby of this step is known.
            if (placement is not null && edited.Add(actor))
                change.Edits.Add(new PlacementEdit { Placement = placement, Expected = actor.Placement?.Epoch, KeepsOwner = keepsOwner });
        }
    }

    private static Placement? Owner(PlacementDraft draft, BoardActor actor)
    {
        if (draft.ChooseOwner(actor) is { } owner)
        {
            var standby = draft.ChooseStandby(actor, owner);
            draft.Own(actor, owner);
            PlacementDraft.Stand(standby);
            return new() { Kind = actor.Name.Kind, Identity = actor.Name.Identity, Node = owner.Board.Name, Member = owner.Member, Standby = standby?.Board.Name ?? "" };
        }

        var reason = draft.WhyNowhere(actor);
        return actor.Owner is null && actor.Placement?.Reason == reason
            ? null
            : new() { Kind = actor.Name.Kind, Identity = actor.Name.Identity, Standby = actor.Placement?.Standby ?? "", Reason = reason };
    }

    // A standby that is down stays named if there is no other: it still has its copy when it comes back.
    private static Placement? Standby(PlacementDraft draft, BoardActor actor)
    {
        var standby = draft.ChooseStandby(actor, draft.Node(actor.Owner)!);
        if (standby is null && (actor.Standby is null || actor.Standby.Record is not null && actor.Standby != actor.Owner))
            return null;
        if (standby is not null && standby.Board == actor.Standby)
            return null;
        PlacementDraft.Stand(standby);
        var placement = actor.Placement!.Clone();
        placement.Standby = standby?.Board.Name ?? "";
        return placement;
    }

    // An owner that lives stops first. Dropping the placement at once would let a new one of the same name start beside it.
    private static void Retire(PlacementBoard board, PlacementSight sight, PlacementOptions options, PlaceActors change)
    {
        foreach (var actor in board.Unwanted)
        {
            if (change.Edits.Count + change.Retired.Count >= options.EditsMax)
                return;
            if (actor.Owner is null || !actor.IsLive && sight.IsOver(actor.Placement!.Member))
            {
                change.Retired.Add(new ActorId { Kind = actor.Name.Kind, Identity = actor.Name.Identity });
            }
            else if (actor is { IsLive: true, Placement.Stopping: false })
            {
                var placement = actor.Placement!.Clone();
                placement.ClearMovingTo();
                placement.Stopping = true;
                change.Edits.Add(new PlacementEdit { Placement = placement, Expected = placement.Epoch, KeepsOwner = true });
            }
        }
    }

    // Large actors first: they find room before the small ones have filled it.
    private sealed class BySize : IComparer<BoardActor>
    {
        public static BySize Order { get; } = new();

        public int Compare(BoardActor? x, BoardActor? y)
        {
            var bySize = (y!.Demand!.MemoryBytes, y.Demand.Instances).CompareTo((x!.Demand!.MemoryBytes, x.Demand.Instances));
            return bySize != 0 ? bySize : x.CompareTo(y);
        }
    }
}
