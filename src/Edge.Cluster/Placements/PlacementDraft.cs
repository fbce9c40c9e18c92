using System.Runtime.InteropServices;

namespace Edge.Cluster.Placements;

/// <summary>
/// A plan in the making: the board, members as they will be, and what the plan has assigned so far, so that the second actor sees where the first went. The board itself does not change.
/// Every choice goes over nodes in the order of their names and takes the first best: the same on every machine.
/// </summary>
internal sealed class PlacementDraft
{
    private readonly PlacementBoard _board;
    private readonly DraftNode[] _nodes;
    private readonly Dictionary<string, DraftNode> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DraftNode[]> _suitable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<BoardNode, int>> _added = new(StringComparer.Ordinal);
    private readonly Dictionary<FitKey, string> _why = [];
    private readonly HashSet<FitKey> _nowhere = [];
    private readonly HashSet<(FitKey Fit, string Owner)> _noStandby = [];

    /// <summary>A plan on this board.</summary>
    /// <param name="board">The board.</param>
    /// <param name="members">Members that differ from the board's once the plan is carried out, by node; null: none is left.</param>
    /// <param name="leaving">Nodes that asked to leave.</param>
    public PlacementDraft(PlacementBoard board, IReadOnlyDictionary<string, string?> members, IReadOnlySet<string> leaving)
    {
        _board = board;
        _nodes = [.. board.Nodes.Values.Select(node => new DraftNode(node, members.TryGetValue(node.Name, out var member) ? member : node.Member, leaving.Contains(node.Name)))];
        foreach (var node in _nodes)
            _byName[node.Board.Name] = node;
    }

    /// <summary>All nodes, by name.</summary>
    public IReadOnlyList<DraftNode> Nodes => _nodes;

    /// <summary>A node by its name; null if the board has none.</summary>
    public DraftNode? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Why no node fits the actor; one answer for all that fit or fail alike.</summary>
    public string WhyNowhere(BoardActor actor)
    {
        if (!_why.TryGetValue(actor.Fit, out var why))
            _why[actor.Fit] = why = PlacementFit.WhyNowhere(actor, this);
        return why;
    }

    /// <summary>A node of the board; null for null.</summary>
    public DraftNode? Node(BoardNode? node) => node is null ? null : _byName[node.Name];

    /// <summary>Where a new owner is best, or null: where it was, then where its state is, then where it would like to be, then where its group and the load are least.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="except">A node that it shall leave.</param>
    /// <param name="among">The only nodes to look at; null: all.</param>
    public DraftNode? ChooseOwner(BoardActor actor, DraftNode? except = null, IReadOnlyList<DraftNode>? among = null)
    {
        // An actor that is counted somewhere itself fails or fits by its own.
        var isPlain = except is null && among is null && actor.Owner is null && actor.Target is null;
        if (isPlain && _nowhere.Contains(actor.Fit))
            return null;
        var demand = actor.Demand!;
        Reserve(actor, -1);
        var (spread, apart) = (Counts(demand.SpreadOver is { } over ? PlacementBoard.Spread(over) : null), Counts(demand.ApartFrom is { } from ? PlacementBoard.Apart(from) : null));
        DraftNode? best = null;
        Rank rank = default;
        foreach (var node in among ?? Suitable(actor))
        {
            if (node == except || !node.IsOpen || !node.HasRoom(demand) || apart.On(node) > 0 || among is not null && !PlacementFit.Suits(actor, node.Board))
                continue;
            var tier = node.Board == actor.Target || node.Board == actor.Owner ? 0 : node.Board == actor.Standby ? 1 : node.Board.Name == demand.Prefers ? 2 : 3;
            var found = new Rank(tier, spread.On(node), node.Share(demand.MemoryBytes, demand.Instances), node.Actors);
            if (best is null || found.CompareTo(rank) < 0)
                (best, rank) = (node, found);
        }

        Reserve(actor, +1);
        if (best is null && isPlain)
            _nowhere.Add(actor.Fit);
        return best;
    }

    /// <summary>Who keeps the copy of the state, if <paramref name="owner"/> owns the actor; null: nobody can. The present standby stays if it is good, then the owner until now.</summary>
    public DraftNode? ChooseStandby(BoardActor actor, DraftNode owner)
    {
        var demand = actor.Demand!;
        if (demand.PinnedTo is not null || _noStandby.Contains((actor.Fit, owner.Board.Name)))
            return null;
        var apart = Counts(demand.ApartFrom is { } from ? PlacementBoard.Apart(from) : null);
        DraftNode? best = null;
        Rank rank = default;
        foreach (var node in Suitable(actor))
        {
            var stays = node.Board == actor.Standby && node.Member is not null && !node.IsLeaving && node.Board.Record is { Draining: false };
            if (node == owner || !node.IsOpen && !stays)
                continue;
            var tier = (stays ? 0 : node.Board == actor.Owner ? 1 : 2) + (node.HasRoom(demand) && apart.On(node) == 0 ? 0 : 3);
            var found = new Rank(tier, node.Board.Name == demand.Prefers ? 0 : 1, node.Standbys, node.Actors);
            if (best is null || found.CompareTo(rank) < 0)
                (best, rank) = (node, found);
        }

        if (best is null)
            _noStandby.Add((actor.Fit, owner.Board.Name));
        return best;
    }

    /// <summary>Books an actor on a node.</summary>
    public void Own(BoardActor actor, DraftNode node)
    {
        Reserve(actor, -1);
        node.Load(actor.Demand!, +1);
        Add(actor.Demand!, node, +1);
    }

    /// <summary>Books the copy of an actor's state on a node.</summary>
    public static void Stand(DraftNode? node)
    {
        if (node is not null)
            node.Standbys++;
    }

    /// <summary>Whether another actor of a group that is kept apart is there.</summary>
    public bool IsTaken(ActorDemand demand, DraftNode node) => demand.ApartFrom is { } apart && Counts(PlacementBoard.Apart(apart)).On(node) > 0;

    // What the board counts for the actor itself must not stand in its own way.
    private void Reserve(BoardActor actor, int sign)
    {
        foreach (var own in new[] { Node(actor.Target), actor.IsLive ? null : Node(actor.Owner) }.OfType<DraftNode>())
        {
            own.Load(actor.Counted!, sign);
            Add(actor.Counted!, own, sign);
        }
    }

    private void Add(ActorDemand demand, DraftNode node, int sign)
    {
        if (demand.ApartFrom is { } apart)
            Add(PlacementBoard.Apart(apart), node, sign);
        if (demand.SpreadOver is { } spread)
            Add(PlacementBoard.Spread(spread), node, sign);
    }

    private void Add(string group, DraftNode node, int sign)
    {
        if (!_added.TryGetValue(group, out var counts))
            _added[group] = counts = [];
        CollectionsMarshal.GetValueRefOrAddDefault(counts, node.Board, out _) += sign;
    }

    private GroupCounts Counts(string? group) => group is null ? default : new(_board.Group(group), _added.GetValueOrDefault(group));

    private DraftNode[] Suitable(BoardActor actor)
    {
        if (actor.Demand!.PinnedTo is { } pinned)
            return _byName.TryGetValue(pinned, out var only) && PlacementFit.Suits(actor, only.Board) ? [only] : [];
        if (!_suitable.TryGetValue(actor.Fit.Labels, out var nodes))
            _suitable[actor.Fit.Labels] = nodes = [.. _nodes.Where(node => PlacementFit.Suits(actor, node.Board))];
        return nodes;
    }

    // Actors of a group by node: the board's, and what the plan added.
    private readonly record struct GroupCounts(IReadOnlyDictionary<BoardNode, int>? Board, Dictionary<BoardNode, int>? Added)
    {
        public int On(DraftNode node) => (Board?.GetValueOrDefault(node.Board) ?? 0) + (Added?.GetValueOrDefault(node.Board) ?? 0);
    }

    private readonly record struct Rank(int Tier, int Spread, double Share, int Actors) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => (Tier, Spread, Share, Actors).CompareTo((other.Tier, other.Spread, other.Share, other.Actors));
    }
}
