using Edge.Cluster.Book;
using Edge.Cluster.Placements;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Placements;

public sealed class PlacementPlanTests
{
    private static readonly PlacementSight Sight = new(_ => true, _ => true, new HashSet<string>());
    private static readonly PlacementOptions Options = new();
    private byte _requests;

    internal static NodeRecord Node(string name, long memory = 1L << 30, int instances = 100, params (string Name, string Value)[] labels)
    {
        var node = new NodeRecord { Name = name, KeyFingerprint = ByteString.CopyFromUtf8(name), MayVote = true, Capacity = new() { MemoryBytes = memory, Instances = instances }, Member = new() { Id = $"{name}-1" } };
        foreach (var (label, value) in labels)
            node.Labels.Add(label, value);
        return node;
    }

    internal static BookState Site(IEnumerable<NodeRecord> nodes) => BookState.Empty with
    {
        Site = new() { Id = ByteString.CopyFrom(new byte[16]), Name = "site", Incarnation = 1, Format = 1 },
        Nodes = BookState.Empty.Nodes.AddRange(nodes.Select(node => KeyValuePair.Create(node.Name, node))),
    };

    [Fact]
    public void An_actor_gets_an_owner_and_a_standby_on_another_node()
    {
        var state = Settle(Site([Node("pi-1"), Node("pi-2")]), Demand("a"));
        Assert.Equal(("pi-1", "pi-2"), Where(state, "a"));
    }

    [Fact]
    public void The_standby_takes_over_and_the_returning_node_gets_nothing_back()
    {
        var demands = new[] { Demand("a"), Demand("b"), Demand("c") };
        var before = Settle(Site([Node("pi-1"), Node("pi-2"), Node("pi-3")]), demands);
        var lost = Settle(Without(before, "pi-1"), demands);
        Assert.Equal(Where(before, "a").Standby, Where(lost, "a").Owner);
        var back = lost with { Nodes = lost.Nodes.SetItem("pi-1", Node("pi-1")) };
        var after = Settle(back, demands, Sight with { HasSettled = _ => false });
        Assert.Equal(lost.Placements.Values.Select(placement => placement.Node), after.Placements.Values.Select(placement => placement.Node));
    }

    [Fact]
    public void A_new_node_takes_its_share_by_live_moves_a_few_at_a_time()
    {
        var demands = Enumerable.Range(0, 20).Select(i => Demand($"c{i:D2}")).ToArray();
        var state = Settle(Site([Node("pi-1"), Node("pi-2")]), demands);
        state = state with { Nodes = state.Nodes.SetItem("pi-3", Node("pi-3")) };
        var board = Board(state, demands);
        var first = PlacementPlan.Next(board, Sight, Options)!;
        Assert.Single(first.Edits, edit => edit.Placement.MovingTo.Length > 0);
        Assert.All(first.Edits, edit => Assert.True(edit.KeepsOwner));
        state = Settle(state, demands);
        Assert.InRange(state.Placements.Values.Count(placement => placement.Node == "pi-3"), 5, 8);
    }

    [Theory]
    [InlineData("arch=arm64", "No node fits. Nearest is 'pi-1': label arch=arm64 wanted, it has arch=x64. Of 2 nodes: 2 without arch=arm64.")]
    [InlineData("gpio", "No node fits. Nearest is 'pi-1': it lacks label gpio. Of 2 nodes: 2 without gpio.")]
    public void What_has_no_place_says_what_the_nearest_node_lacks(string label, string reason)
    {
        var state = Settle(Site([Node("pi-1", labels: ("arch", "x64")), Node("pi-2")]), Demand("a") with { Labels = [LabelRequirement.Parse(label)] });
        Assert.Equal(reason, state.Placements[new("channel", "a")].Reason);
    }

    [Fact]
    public void What_is_too_large_says_how_much_is_left()
    {
        var state = Settle(Site([Node("pi-1", memory: 64 << 20)]), Demand("a") with { MemoryBytes = 100 << 20 });
        Assert.Equal("No node fits. Nearest is 'pi-1': it has 64 MiB left of 64, 100 are wanted. Of 1 nodes: 1 full.", state.Placements[new("channel", "a")].Reason);
    }

    [Fact]
    public void A_pinned_actor_waits_for_its_node_and_has_no_standby()
    {
        var demand = Demand("a") with { PinnedTo = "pi-2" };
        var state = Settle(Site([Node("pi-1"), Node("pi-2")]), demand);
        Assert.Equal(("pi-2", ""), Where(state, "a"));
        state = Settle(Without(state, "pi-2"), demand);
        Assert.Equal("It is pinned to node 'pi-2': it is down.", state.Placements[new("channel", "a")].Reason);
    }

    [Fact]
    public void Actors_of_one_group_are_kept_apart_and_others_are_spread()
    {
        var state = Settle(Site([Node("pi-1"), Node("pi-2"), Node("pi-3")]), [.. Enumerable.Range(0, 2).Select(i => Demand($"a{i}") with { ApartFrom = "pumps" }), .. Enumerable.Range(0, 6).Select(i => Demand($"t{i}") with { SpreadOver = "acme" })]);
        Assert.NotEqual(Where(state, "a0").Owner, Where(state, "a1").Owner);
        Assert.All(state.Placements.Values.Where(placement => placement.Identity[0] == 't').GroupBy(placement => placement.Node), group => Assert.Equal(2, group.Count()));
    }

    [Fact]
    public void A_drained_node_gives_up_one_actor_at_a_time_to_its_standby()
    {
        var demands = new[] { Demand("a"), Demand("b"), Demand("c") };
        var state = Settle(Site([Node("pi-1"), Node("pi-2")]), demands);
        var drained = state.Nodes["pi-1"].Clone();
        (drained.Cordoned, drained.Draining) = ("new card", true);
        state = state with { Nodes = state.Nodes.SetItem("pi-1", drained) };
        var step = PlacementPlan.Next(Board(state, demands), Sight, Options)!;
        Assert.Equal("pi-2", Assert.Single(step.Edits, edit => StopRequest.IsIn(edit.Placement)).Placement.MovingTo);
        state = Settle(state, demands);
        Assert.All(state.Placements.Values, placement => Assert.Equal("pi-2", placement.Node));
    }

    [Fact]
    public void A_living_owner_is_asked_to_stop_before_its_actor_is_forgotten()
    {
        var state = Settle(Site([Node("pi-1")]), Demand("a"));
        var board = Board(state);
        var step = PlacementPlan.Next(board, Sight, Options)!;
        Assert.True(Assert.Single(step.Edits).Placement.Stopping);
        Assert.Empty(step.Retired);
        Assert.Empty(Settle(state).Placements);
    }

    [Fact]
    public void The_owner_of_a_removed_node_is_replaced_only_when_its_lease_is_over()
    {
        var demand = Demand("a");
        var state = Settle(Site([Node("pi-1"), Node("pi-2")]), demand);
        (state, _) = BookMachine.Apply(state, state.Index + 1, Command(new BookCommand { RemoveNode = new() { Name = "pi-1" } }));
        Assert.Equal("pi-1", Where(state, "a").Owner);
        Assert.Null(PlacementPlan.Next(Board(state, demand), Sight with { IsOver = _ => false }, Options));
        Assert.Equal("pi-2", Where(Settle(state, demand), "a").Owner);
    }

    private static ActorDemand Demand(string identity) => new(new ActorName("channel", identity)) { MemoryBytes = 10 << 20 };

    private static (string Owner, string Standby) Where(BookState state, string identity) => (state.Placements[new("channel", identity)].Node, state.Placements[new("channel", identity)].Standby);

    private static PlacementBoard Board(BookState state, params ActorDemand[] demands)
    {
        var board = new PlacementBoard(state);
        board.Demand(demands);
        return board;
    }

    private BookCommand Command(BookCommand command)
    {
        command.RequestId = ByteString.CopyFrom(++_requests);
        return command;
    }

    private BookState Without(BookState state, string node) =>
        BookMachine.Apply(state, state.Index + 1, Command(new BookCommand { ChangeMembers = new() { Left = { new MemberLeft { Node = node, Member = $"{node}-1", Reason = "lease expired" } } } })).Next;

    private BookState Settle(BookState state, params ActorDemand[] demands) => Settle(state, demands, Sight);

    // Carries plans out until nothing is left to do; owners that are asked to stop do so at once.
    private BookState Settle(BookState state, ActorDemand[] demands, PlacementSight sight)
    {
        var board = Board(state, demands);
        for (var step = 0; PlacementPlan.Next(board, sight, Options) is { } plan; step++)
        {
            Assert.True(step < 100, $"Placement does not come to rest: {plan}");
            Carry(Command(new BookCommand { PlaceActors = plan }));
            foreach (var stopping in state.Placements.Values.Where(placement => placement.Node.Length > 0 && StopRequest.IsIn(placement)).ToList())
                Carry(Command(new BookCommand { ReportReleased = new() { Actor = new() { Kind = stopping.Kind, Identity = stopping.Identity }, Epoch = stopping.Epoch, Member = stopping.Member } }));
        }

        return state;

        void Carry(BookCommand command)
        {
            var (next, outcome) = BookMachine.Apply(state, state.Index + 1, command);
            Assert.Empty(outcome.Refusals);
            board.Apply(new(state, next, command));
            state = next;
        }
    }
}
