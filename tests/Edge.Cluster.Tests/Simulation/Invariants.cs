using Edge.Cluster.Book;
using Edge.Cluster.Placements;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Simulation;

/// <summary>What must hold whatever happens. Looks at the world and at the book, not at what the rules under test believe.</summary>
internal sealed class Invariants(SimulatedSite site)
{
    private readonly Dictionary<ActorName, (Epoch Epoch, string Who)> _world = [];
    private readonly Dictionary<ActorName, long> _lastWrite = [];

    public int Writes { get; private set; }

    /// <summary>A node's gate has let a write begin: no other node's gate would at this moment.</summary>
    public void Began(SimulatedNode node, ActorName actor, Epoch epoch)
    {
        foreach (var other in site.HoldersOf(actor))
        {
            if (other != node && other.IsUp && other.Running.TryGetValue(actor, out var held) && other.MayWrite(actor, held))
                throw Broken($"two owners of {actor}: {node} in epoch {Epochs.Text(epoch)} and {other} in epoch {Epochs.Text(held)} could both write");
        }
    }

    /// <summary>A write reached the device.</summary>
    public void Landed(string who, ActorName actor, Epoch epoch)
    {
        Writes++;
        if (_world.TryGetValue(actor, out var last) && Epochs.Compare(epoch, last.Epoch) < 0)
            throw Broken($"{who} wrote to {actor} in epoch {Epochs.Text(epoch)} after {last.Who} in epoch {Epochs.Text(last.Epoch)}");
        _world[actor] = (epoch, who);
        _lastWrite[actor] = site.Time.Now;
    }

    /// <summary>A command was carried out: owners are members when they are placed, and epochs grow.</summary>
    public void Committed(BookState before, BookState after, BookCommand command)
    {
        var placed = command.ChangeMembers?.Placements.Select(ActorName.Of) ?? command.PlaceActors?.Edits.Select(edit => ActorName.Of(edit.Placement)) ?? [];
        foreach (var name in placed)
        {
            var (old, now) = (before.Placements.GetValueOrDefault(name), after.Placements[name]);
            if (now.Node.Length > 0 && now.Epoch.Index == after.Index && (!after.Nodes.TryGetValue(now.Node, out var node) || node.Member?.Id != now.Member || node.Witness))
                throw Broken($"{name} was placed on '{now.Node}', whose member '{now.Member}' is none");
            if (Epochs.Compare(now.Epoch, old?.Epoch) < 0 || now.Member != (old?.Member ?? "") && now.Member.Length > 0 && Epochs.Compare(now.Epoch, old?.Epoch) <= 0)
                throw Broken($"the epoch of {name} went from {Epochs.Text(old?.Epoch)} to {Epochs.Text(now.Epoch)}");
            if (now.Standby.Length > 0 && now.Standby == now.Node)
                throw Broken($"'{now.Node}' is owner and standby of {name}");
        }
    }

    /// <summary>After the last fault and time to settle: what can run runs and writes, what cannot says why, and the book has come to rest.</summary>
    public void AtRest(long rest)
    {
        var state = site.Log.At(site.Log.Committed);
        foreach (var demand in site.Demands.Values)
        {
            var placement = state.Placements.GetValueOrDefault(demand.Name);
            var couldRun = state.Nodes.Values.Any(node => node is { Member: not null, Witness: false, HasCordoned: false, Draining: false } && PlacementFit.Suits(demand, node));
            if (placement is null || placement.Node.Length == 0)
            {
                if (couldRun && demand.ApartFrom is null || string.IsNullOrEmpty(placement?.Reason))
                    throw Broken($"{demand.Name} is nowhere at rest, though a node fits: {couldRun}; reason given: '{placement?.Reason}'");
            }
            else if (site.Time.Now - _lastWrite.GetValueOrDefault(demand.Name) > 2_000_000)
            {
                throw Broken($"{demand.Name} is placed on '{placement.Node}' as '{placement.Member}' (stop asked: {StopRequest.IsIn(placement)}) and has not written for {(site.Time.Now - _lastWrite.GetValueOrDefault(demand.Name)) / 1000} ms");
            }
        }

        foreach (var unwanted in state.Placements.Keys.Where(name => !site.Demands.ContainsKey(name)))
            throw Broken($"{unwanted} is not wanted and still placed: {state.Placements[unwanted]}");
        if (site.Time.Now - site.Log.LastCommitAt < rest)
            throw Broken($"the book did not come to rest: entry {site.Log.Committed} was written {(site.Time.Now - site.Log.LastCommitAt) / 1000} ms before the end: {site.Log.Command(site.Log.Committed)}");
    }

    private InvariantBrokenException Broken(string what) => new($"{site}: at {site.Time.Now / 1000} ms {what}.");
}
