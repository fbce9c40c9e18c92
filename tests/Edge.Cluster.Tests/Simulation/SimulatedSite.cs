using System.Collections.Immutable;
using Edge.Cluster.Book;
using Edge.Cluster.Members;
using Edge.Cluster.Placements;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Simulation;

/// <summary>
/// A whole site in one thread of virtual time, from one seed: members with clocks of different rates, a log that changes leaders, a LAN that cuts, and faults. It runs the very classes that nodes run: lease, table, plans, gate and
/// the book's machine. What it invents are network, disks, processes and the inside of Raft.
/// </summary>
internal sealed class SimulatedSite
{
    private readonly int _seed;
    private readonly BrokenRule _broken;
    private readonly Dictionary<ActorName, HashSet<SimulatedNode>> _holders = [];
    private readonly List<SimulatedNode> _nodes = [];
    private long _requests;
    private int _members;

    public SimulatedSite(int seed, BrokenRule broken = BrokenRule.None)
    {
        (_seed, _broken) = (seed, broken);
        Random = new(seed);
        var size = Shape.Size(seed, Random);
        IsLarge = size > 100;
        Network = new(Time, Random, size + 1);
        Invariants = new(this);
        for (var i = 0; i < size; i++)
            _nodes.Add(new(this, i, Shape.NodeName(i), Clock()));
        Voters = _nodes.Take(size < 3 ? 1 : 3).ToList();
        Log = new(this, Shape.Founded(size, Random));
        foreach (var demand in Shape.Demands(size, Random))
            Demands[demand.Name] = demand;
    }

    /// <summary>Told what happens, for a seed that is looked at alone.</summary>
    public Action<string>? Trace { get; init; }

    public SimulatedTime Time { get; } = new();

    public Random Random { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedLog Log { get; }

    public Invariants Invariants { get; }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    public IReadOnlyList<SimulatedNode> Voters { get; }

    public SortedDictionary<ActorName, ActorDemand> Demands { get; } = new(Comparer<ActorName>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString())));

    public bool IsLarge { get; }

    public LeaseTimes Times { get; set; } = LeaseTimes.Default;

    public TimeSpan FollowEvery => TimeSpan.FromMilliseconds(IsLarge ? 250 : 50);

    public TimeSpan WriteEvery => TimeSpan.FromMilliseconds(IsLarge ? 400 : 60);

    public PlacementOptions Options { get; } = new() { SettleTime = TimeSpan.FromSeconds(2) };

    public bool Breaks(BrokenRule rule) => (_broken & rule) != 0;

    public HashSet<SimulatedNode> HoldersOf(ActorName actor) => _holders.TryGetValue(actor, out var holders) ? holders : _holders[actor] = [];

    public string NewMemberId() => $"m{++_members}";

    public byte[] NewRequestId()
    {
        var id = new byte[16];
        BitConverter.TryWriteBytes(id, ++_requests);
        return id;
    }

    public BookCommand Command() => new() { RequestId = ByteString.CopyFrom(NewRequestId()), Who = "site", TimeUs = Time.Now, Format = 1 };

    public void Run()
    {
        foreach (var node in _nodes)
            node.Start();
        void Beat()
        {
            Log.Tick();
            Time.After(50_000, Beat);
        }

        Beat();
        var faultsUntil = IsLarge ? 5_000_000 : 12_000_000;
        Time.RunUntil(3_000_000);
        var faults = new Faults(this, faultsUntil);
        faults.Begin();
        Time.RunUntil(faultsUntil);
        faults.End();
        Time.RunUntil(faultsUntil + (IsLarge ? 8_000_000 : 16_000_000));
        Invariants.AtRest(1_000_000);
    }

    public void Left(SimulatedNode node)
    {
        node.Leaving = false;
        node.Kill();
        Time.After(Random.Next(100_000, 3_000_000), node.Start);
    }

    /// <summary>A second process with a copy of a node's data folder, on another machine.</summary>
    public SimulatedNode Copy(SimulatedNode original)
    {
        var copy = new SimulatedNode(this, _nodes.Count, original.Name, Clock());
        _nodes.Add(copy);
        return copy;
    }

    public override string ToString() => $"seed {_seed} ({_nodes.Count} nodes, {Demands.Count} actors)";

    private NodeClock Clock() => new(Time, 0.99 + Random.NextDouble() * 0.02, Random.Next());
}
