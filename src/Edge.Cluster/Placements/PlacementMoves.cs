using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>
/// Which living owners are asked to stop, and for whom: drained and leaving nodes give up one actor at a time, misplaced actors go where they suit, and a few go from full nodes to empty ones. The next owner is the standby
/// where it can be, and becomes the standby where it is not, so that it has the state when the old owner stops.
/// </summary>
internal static class PlacementMoves
{
    /// <summary>Nodes that balance looks at from each end of the order by load.</summary>
    private const int Ends = 16;

    /// <summary>Moves to begin, to turn elsewhere or to call off.</summary>
    public static IEnumerable<(BoardActor Actor, Placement? Placement)> Next(PlacementBoard board, PlacementDraft draft, PlacementSight sight, PlacementOptions options)
    {
        var sources = new HashSet<BoardNode>(board.Moving.Select(actor => actor.Owner!));
        foreach (var mended in board.Moving.Where(actor => actor.Demand is not null && !IsOnItsWay(actor, draft)).Select(actor => (actor, Turn(actor, draft))))
            yield return mended;
        foreach (var move in Empty(draft, sources))
            yield return move;
        var moves = board.Moving.Count;
        foreach (var actor in board.Misplaced.Where(actor => !actor.IsMoving && !sources.Contains(actor.Owner!)).ToList())
        {
            if (moves >= options.MovesMax)
                yield break;
            if (sources.Contains(actor.Owner!) || draft.ChooseOwner(actor, draft.Node(actor.Owner)) is not { } target)
                continue;
            moves++;
            sources.Add(actor.Owner!);
            yield return (actor, To(actor, target, draft));
        }

        if (board.Unowned.Count > 0 || board.Orphaned.Count > 0)
            yield break;
        foreach (var move in Balance(board, draft, sight, options, sources, moves))
            yield return move;
    }

    // A stop that was asked of an actor nobody wanted is called off by turning it.
    private static bool IsOnItsWay(BoardActor actor, PlacementDraft draft) =>
        actor.Target is null ? draft.Node(actor.Owner)!.IsLeaving : draft.Node(actor.Target)!.IsOpen && PlacementFit.Suits(actor, actor.Target);

    private static Placement Turn(BoardActor actor, PlacementDraft draft)
    {
        var owner = draft.Node(actor.Owner)!;
        if ((owner.IsLeaving || owner.Board.Record!.Draining || !PlacementFit.Suits(actor, owner.Board)) && draft.ChooseOwner(actor, owner) is { } other)
            return To(actor, other, draft);
        var stays = actor.Placement!.Clone();
        stays.ClearMovingTo();
        stays.Stopping = owner.IsLeaving;
        return stays;
    }

    private static IEnumerable<(BoardActor, Placement?)> Empty(PlacementDraft draft, HashSet<BoardNode> sources)
    {
        foreach (var node in draft.Nodes.Where(node => node.Member is not null && (node.IsLeaving || node.Board.Record is { Draining: true }) && !sources.Contains(node.Board)))
        {
            foreach (var actor in node.Board.Owned.Where(actor => actor is { Demand: not null, IsLive: true, IsMoving: false }))
            {
                if (draft.ChooseOwner(actor, node) is { } target)
                {
                    sources.Add(node.Board);
                    yield return (actor, To(actor, target, draft));
                    break;
                }

                // Nobody can take it. A node that leaves stops it all the same, and says so; a drained one keeps it.
                if (!node.IsLeaving)
                    continue;
                var stopped = actor.Placement!.Clone();
                stopped.Stopping = true;
                yield return (actor, stopped);
            }
        }
    }

    private static IEnumerable<(BoardActor, Placement?)> Balance(PlacementBoard board, PlacementDraft draft, PlacementSight sight, PlacementOptions options, HashSet<BoardNode> sources, int moves)
    {
        if (moves >= options.MovesMax)
            yield break;
        var byLoad = draft.Nodes.Where(node => node.IsOpen).OrderBy(node => node.Share(0, 0)).ThenBy(node => node.Board.Name, StringComparer.Ordinal).ToList();
        var targets = new HashSet<BoardNode>(board.Moving.Select(actor => actor.Target).OfType<BoardNode>());
        var takers = byLoad.Where(node => sight.HasSettled(node.Member!) && !targets.Contains(node.Board)).Take(Ends).ToList();
        foreach (var giver in byLoad.AsEnumerable().Reverse().Take(Ends).Where(node => !sources.Contains(node.Board)))
        {
            if (moves >= options.MovesMax)
                yield break;
            if (takers.Count == 0 || FindMove(giver, takers, draft, options) is not { } found)
                continue;
            moves++;
            takers.Remove(found.Taker);
            yield return (found.Actor, To(found.Actor, found.Taker, draft));
        }
    }

    // Moves nothing that would leave the taker fuller than the giver, so balance comes to rest.
    private static (BoardActor Actor, DraftNode Taker)? FindMove(DraftNode giver, List<DraftNode> takers, PlacementDraft draft, PlacementOptions options)
    {
        var full = giver.Share(0, 0);
        bool Gains(BoardActor actor, DraftNode taker) => full - giver.Cost(actor.Demand!) >= taker.Share(actor.Demand!.MemoryBytes, actor.Demand.Instances);
        var emptier = takers.Where(taker => taker != giver && full - taker.Share(0, 0) > options.Imbalance * full).ToList();
        if (emptier.Count == 0)
            return null;
        foreach (var actor in giver.Board.Owned.Where(actor => actor is { Demand: { PinnedTo: null }, IsLive: true, IsMoving: false } && actor.Demand.Prefers != giver.Board.Name))
        {
            if (draft.ChooseOwner(actor, giver, emptier.Where(taker => Gains(actor, taker)).ToList()) is { } taker)
                return (actor, taker);
        }

        return null;
    }

    private static Placement To(BoardActor actor, DraftNode target, PlacementDraft draft)
    {
        draft.Own(actor, target);
        var placement = actor.Placement!.Clone();
        placement.MovingTo = target.Board.Name;
        placement.Stopping = false;
        placement.Standby = target.Board.Name;
        return placement;
    }
}
