using Edge.Cluster.Book;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Book;

/// <summary>A book of 100 000 placements. Prints what it took; the bounds are wide, so that only a change of kind fails.</summary>
public sealed class BookSizeTests(ITestOutputHelper output)
{
    private const int Actors = 100_000;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_hundred_thousand_placements_are_applied_snapshotted_and_read_in_well_below_a_second()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        var place = new BookCommand { PlaceActors = new PlaceActors { Edits = { Enumerable.Range(0, Actors).Select(i => new PlacementEdit { Placement = BookScript.Placement($"acme/machine-{i}", "pi-1", "pi-2") }) } } };

        for (var round = 0; round < 2; round++) // the first one compiles
        {
            var placed = Timed("apply 100 000 placements in one command", () => BookMachine.Apply(script.State, script.NextIndex, place).Next);
            var one = Timed("apply 10 000 commands of one placement each", () => OneByOne(placed));
            var bytes = Timed("write a snapshot of them", () => BookScript.Bytes(placed));
            output.WriteLine($"  snapshot of {bytes.Length} bytes");
            var read = Timed("read it", () => BookSnapshots.Read(BookSnapshot.Parser.ParseFrom(bytes)));
            var left = Timed("a member leaves, its 100 000 actors are nowhere", () => BookMachine.Apply(read, read.Index + 1, new BookCommand { ChangeMembers = new ChangeMembers { Left = { new MemberLeft { Node = "pi-1", Member = "m-pi-1", Reason = "lease expired" } } } }).Next);
            Assert.Equal(Actors, left.Placements.Values.Count(placement => placement.Member.Length == 0));
            Assert.Equal(Actors, one.Placements.Count);
        }
    }

    private static BookState OneByOne(BookState state)
    {
        for (var i = 0; i < 10_000; i++)
        {
            var expected = state.Placements[new ActorName("channel", $"acme/machine-{i}")].Epoch;
            var command = BookScript.Place($"acme/machine-{i}", "pi-1", expected);
            command.RequestId = ByteString.CopyFrom(BitConverter.GetBytes(i));
            (state, var outcome) = BookMachine.Apply(state, state.Index + 1, command);
            Assert.Empty(outcome.Refusals);
        }
        return state;
    }

    private T Timed<T>(string what, Func<T> act)
    {
        var (start, cpu) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var result = act();
        var took = TimeProvider.System.GetElapsedTime(start);
        output.WriteLine($"{what}: {took.TotalMilliseconds:0} ms, {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds:0} ms of processor in all threads of the process");
        Assert.True(took < Bound, $"{what} took {took}; at most {Bound} is allowed.");
        return result;
    }
}
