using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>
/// What the leader's placement plan looks at: nodes, actors, who is where, and which of them are not as they should be. Follows the book by its changes, so that a plan costs what changed and not what there is.
/// Holds nothing that the book and the demands do not say; a new leader makes a new one. Not thread-safe.
/// </summary>
public sealed class PlacementBoard
{
    private readonly SortedDictionary<string, BoardNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<ActorName, BoardActor> _actors = [];
    private readonly Dictionary<string, Dictionary<BoardNode, int>> _groups = new(StringComparer.Ordinal);

    /// <summary>The board of a book, before anything is demanded.</summary>
    public PlacementBoard(BookState state) => Load(state);

    /// <summary>Whether <see cref="Demand(IEnumerable{ActorDemand})"/> was called: before that nobody knows what is not wanted.</summary>
    public bool KnowsDemands { get; private set; }

    /// <summary>Actors that are wanted or placed.</summary>
    public int Actors => _actors.Count;

    /// <summary>Wanted actors without an owner.</summary>
    public int Waiting => Unowned.Count;

    /// <summary>Actors that were asked to stop and have not said so yet.</summary>
    public int Moves => Moving.Count;

    /// <summary>Whether no actor names the node as its owner.</summary>
    public bool OwnsNothing(string node) => !_nodes.TryGetValue(node, out var found) || found.Owned.Count == 0;

    internal IReadOnlyDictionary<string, BoardNode> Nodes => _nodes;

    /// <summary>Wanted, and no owner.</summary>
    internal SortedSet<BoardActor> Unowned { get; } = [];

    /// <summary>The owner's member is none any more.</summary>
    internal SortedSet<BoardActor> Orphaned { get; } = [];

    /// <summary>Placed, and not wanted.</summary>
    internal SortedSet<BoardActor> Unwanted { get; } = [];

    /// <summary>The owner lives and there is no good standby.</summary>
    internal SortedSet<BoardActor> Alone { get; } = [];

    /// <summary>The owner lives and its node does not fit (any more).</summary>
    internal SortedSet<BoardActor> Misplaced { get; } = [];

    /// <summary>The owner lives and was asked to stop.</summary>
    internal SortedSet<BoardActor> Moving { get; } = [];

    /// <summary>Replaces all demands.</summary>
    public void Demand(IEnumerable<ActorDemand> demands)
    {
        var wanted = demands.ToDictionary(demand => demand.Name);
        KnowsDemands = true;
        foreach (var actor in _actors.Values.Where(actor => !wanted.ContainsKey(actor.Name)).ToList())
            Set(actor, null, actor.Placement);
        foreach (var demand in wanted.Values)
            Demand(demand);
    }

    /// <summary>An actor is wanted, or wants something else.</summary>
    public void Demand(ActorDemand demand)
    {
        ArgumentNullException.ThrowIfNull(demand);
        var actor = Actor(demand.Name);
        if (actor.Demand != demand)
            Set(actor, demand, actor.Placement);
    }

    /// <summary>An actor is no longer wanted.</summary>
    public void Withdraw(ActorName name)
    {
        if (_actors.TryGetValue(name, out var actor))
            Set(actor, null, actor.Placement);
    }

    /// <summary>Follows one change of the book.</summary>
    public void Apply(BookChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var state = change.After;
        var command = change.Command;
        switch (command?.ChangeCase)
        {
            case null or BookCommand.ChangeOneofCase.BeginIncarnation:
                Load(state);
                break;
            case BookCommand.ChangeOneofCase.FoundSite:
                Refresh(state, command.FoundSite.Node.Name);
                break;
            case BookCommand.ChangeOneofCase.AdmitNode:
                Refresh(state, command.AdmitNode.Node.Name);
                break;
            case BookCommand.ChangeOneofCase.UpdateNode:
                Refresh(state, command.UpdateNode.Node.Name);
                break;
            case BookCommand.ChangeOneofCase.CordonNode:
                Refresh(state, command.CordonNode.Name);
                break;
            case BookCommand.ChangeOneofCase.RemoveNode:
                Refresh(state, command.RemoveNode.Name);
                break;
            case BookCommand.ChangeOneofCase.ChangeMembers:
                Apply(state, command.ChangeMembers);
                break;
            case BookCommand.ChangeOneofCase.PlaceActors:
                Refresh(state, command.PlaceActors.Edits.Select(edit => ActorName.Of(edit.Placement)));
                Refresh(state, command.PlaceActors.Retired.Select(id => new ActorName(id.Kind, id.Identity)));
                break;
            case BookCommand.ChangeOneofCase.ReportReleased:
                Refresh(state, [new ActorName(command.ReportReleased.Actor.Kind, command.ReportReleased.Actor.Identity)]);
                break;
            default:
                break;
        }
    }

    /// <summary>How many actors of a group are on each node; groups are named with a prefix by their purpose.</summary>
    internal IReadOnlyDictionary<BoardNode, int>? Group(string group) => _groups.GetValueOrDefault(group);

    internal BoardActor? Find(ActorName name) => _actors.GetValueOrDefault(name);

    private void Apply(BookState state, ChangeMembers change)
    {
        foreach (var name in change.Left.Select(left => left.Node).Concat(change.Joined.Select(joined => joined.Node)).Distinct())
            Refresh(state, name);
        Refresh(state, change.Placements.Select(ActorName.Of));
        Refresh(state, change.Retired.Select(id => new ActorName(id.Kind, id.Identity)));
    }

    private void Load(BookState state)
    {
        foreach (var name in _nodes.Keys.Union(state.Nodes.Keys).ToList())
            Node(name).Record = state.Nodes.GetValueOrDefault(name);
        foreach (var actor in _actors.Values.ToList())
            Set(actor, actor.Demand, state.Placements.GetValueOrDefault(actor.Name));
        foreach (var (name, placement) in state.Placements.Where(pair => !_actors.ContainsKey(pair.Key)))
            Set(Actor(name), null, placement);
    }

    private void Refresh(BookState state, string name)
    {
        var node = Node(name);
        node.Record = state.Nodes.GetValueOrDefault(name);
        foreach (var actor in node.Owned.Concat(node.Kept).Concat(node.Incoming).Distinct().ToList())
            Set(actor, actor.Demand, state.Placements.GetValueOrDefault(actor.Name));
    }

    private void Refresh(BookState state, IEnumerable<ActorName> names)
    {
        foreach (var name in names)
            Set(Actor(name), Actor(name).Demand, state.Placements.GetValueOrDefault(name));
    }

    private void Set(BoardActor actor, ActorDemand? demand, Placement? placement)
    {
        Count(actor, -1);
        actor.Owner?.Owned.Remove(actor);
        actor.Standby?.Kept.Remove(actor);
        actor.Target?.Incoming.Remove(actor);
        if (demand is not null && actor.Demand != demand)
            actor.Fit = FitKey.Of(demand);
        actor.Demand = demand;
        actor.Counted = demand;
        actor.Placement = placement;
        actor.Owner = placement is { Node.Length: > 0 } ? Node(placement.Node) : null;
        actor.Standby = placement is { Standby.Length: > 0 } ? Node(placement.Standby) : null;
        actor.Target = placement is { MovingTo.Length: > 0 } ? Node(placement.MovingTo) : null;
        actor.Owner?.Owned.Add(actor);
        actor.Standby?.Kept.Add(actor);
        actor.Target?.Incoming.Add(actor);
        Count(actor, +1);
        Judge(actor);
        if (demand is null && placement is null)
            _actors.Remove(actor.Name);
    }

    private void Count(BoardActor actor, int sign)
    {
        if (actor.Counted is not { } demand)
            return;
        foreach (var node in new[] { actor.Owner, actor.Target }.OfType<BoardNode>())
        {
            node.Load(demand, sign);
            if (demand.ApartFrom is { } apart)
                Count(Apart(apart), node, sign);
            if (demand.SpreadOver is { } spread)
                Count(Spread(spread), node, sign);
        }
    }

    private void Count(string group, BoardNode node, int sign)
    {
        if (!_groups.TryGetValue(group, out var counts))
            _groups[group] = counts = [];
        if ((counts[node] = counts.GetValueOrDefault(node) + sign) == 0)
            counts.Remove(node);
        if (counts.Count == 0)
            _groups.Remove(group);
    }

    private void Judge(BoardActor actor)
    {
        var wanted = actor.Demand is not null;
        var live = actor.IsLive;
        Keep(Unowned, actor, wanted && actor.Owner is null);
        Keep(Orphaned, actor, wanted && actor.Owner is not null && !live);
        Keep(Unwanted, actor, !wanted && actor.Placement is not null);
        Keep(Moving, actor, live && actor.IsMoving);
        Keep(Misplaced, actor, wanted && live && !PlacementFit.Suits(actor, actor.Owner!));
        Keep(Alone, actor, wanted && live && !actor.IsMoving && actor.Demand!.PinnedTo is null && !PlacementFit.IsGoodStandby(actor));
    }

    private static void Keep(SortedSet<BoardActor> set, BoardActor actor, bool belongs)
    {
        if (belongs)
            set.Add(actor);
        else
            set.Remove(actor);
    }

    private BoardActor Actor(ActorName name)
    {
        if (!_actors.TryGetValue(name, out var actor))
            _actors[name] = actor = new(name);
        return actor;
    }

    private BoardNode Node(string name)
    {
        if (!_nodes.TryGetValue(name, out var node))
            _nodes[name] = node = new(name);
        return node;
    }

    /// <summary>Name of a group that keeps its actors apart.</summary>
    internal static string Apart(string group) => "apart:" + group;

    /// <summary>Name of a group that is spread.</summary>
    internal static string Spread(string group) => "spread:" + group;
}
