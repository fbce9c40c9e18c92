using System.Diagnostics;
using Edge.Cluster.Book;
using Edge.Cluster.Placements;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Placements;

public sealed class PlacementBoardTests(ITestOutputHelper output)
{
    private const int Nodes = 1000;
    private const int Actors = 100_000;

    /// <summary>Prints how long a membership change takes to plan on a large site; asserts only what is planned.</summary>
    [Fact]
    public void A_lost_node_among_a_thousand_moves_its_own_actors_and_no_others()
    {
        var state = PlacementPlanTests.Site(Enumerable.Range(0, Nodes).Select(i => PlacementPlanTests.Node($"n{i:D4}", memory: 8L << 30, instances: 4000)));
        var placements = state.Placements.ToBuilder();
        for (var i = 0; i < Actors; i++)
        {
            var placement = new Placement { Kind = "channel", Identity = $"t{i % 50}/c{i:D6}", Node = $"n{i % Nodes:D4}", Member = $"n{i % Nodes:D4}-1", Standby = $"n{(i + 1 + i / Nodes) % Nodes:D4}", Epoch = new() { Incarnation = 1, Index = 1 } };
            placements[ActorName.Of(placement)] = placement;
        }

        state = state with { Placements = placements.ToImmutable() };
        var board = new PlacementBoard(state);
        board.Demand(placements.Keys.Select(name => new ActorDemand(name) { SpreadOver = name.Identity[..3], MemoryBytes = 1 << 20, ApartFrom = name.Identity.EndsWith('7') ? name.Identity[^4..] : null }));
        var sight = new PlacementSight(_ => true, _ => true, new HashSet<string>());
        for (var round = 0; round < 8; round++)
        {
            var lost = $"n{100 + round:D4}";
            var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var owners = PlacementPlan.WithMembers(board, new Dictionary<string, string?> { [lost] = null }, sight, new());
            var (planned, plannedUsed) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - used);
            var command = new BookCommand { RequestId = Google.Protobuf.ByteString.CopyFrom((byte)round), ChangeMembers = new() { Left = { new MemberLeft { Node = lost, Member = $"{lost}-1", Reason = "lease expired" } }, Placements = { owners } } };
            var (next, outcome) = BookMachine.Apply(state, state.Index + 1, command);
            Assert.Empty(outcome.Refusals);
            started = Stopwatch.GetTimestamp();
            board.Apply(new(state, next, command));
            var followed = Stopwatch.GetElapsedTime(started);
            (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var upkeep = PlacementPlan.Next(board, sight, new());
            var (kept, keptUsed) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - used);
            output.WriteLine($"{Nodes} nodes, {Actors} actors, '{lost}' lost: {owners.Count} owners planned in {planned.TotalMilliseconds:F1} ms ({plannedUsed.TotalMilliseconds:F1} ms of processor), board followed in {followed.TotalMilliseconds:F1} ms, {upkeep?.Edits.Count} further edits planned in {kept.TotalMilliseconds:F1} ms ({keptUsed.TotalMilliseconds:F1} ms of processor)");
            Assert.Equal(state.Placements.Values.Where(placement => placement.Node == lost).Select(ActorName.Of).ToHashSet(), owners.Select(ActorName.Of).ToHashSet());
            Assert.All(owners, placement => Assert.NotEqual("", placement.Node));
            state = next;
        }
    }
}
