using CsCheck;
using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Book;

/// <summary>Random books: the same commands make the same bytes, from the start or from a snapshot, and what must never happen never does. A failing seed is printed by the library.</summary>
public sealed class BookMachinePropertyTests
{
    private static readonly Gen<List<int>> Rolls = Gen.Int.List[20, 250];

    [Fact]
    public void The_same_commands_make_the_same_bytes() => Rolls.Sample(rolls =>
    {
        var script = RandomBook.Write(rolls);
        var again = script.Entries.Aggregate(BookState.Empty, (state, entry) => BookMachine.Apply(state, entry.Index, BookCommand.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(entry.Command))).Next);

        Assert.Equal(BookScript.Bytes(script.State), BookScript.Bytes(again));
    }, iter: 100);

    [Fact]
    public void A_snapshot_at_any_point_and_the_rest_make_the_same_bytes_and_answers() => Gen.Select(Rolls, Gen.Double.Unit).Sample((rolls, at) =>
    {
        var script = RandomBook.Write(rolls);
        var cut = (int)(at * script.Entries.Count);
        var state = BookState.Empty;
        foreach (var (index, command) in script.Entries.Take(cut))
            state = BookMachine.Apply(state, index, command).Next;
        var resumed = BookSnapshots.Read(BookSnapshot.Parser.ParseFrom(BookScript.Bytes(state)));
        Assert.Equal(BookScript.Bytes(state), BookScript.Bytes(resumed));
        foreach (var (index, command) in script.Entries.Skip(cut))
        {
            (state, var outcome) = BookMachine.Apply(state, index, command);
            (resumed, var same) = BookMachine.Apply(resumed, index, command);
            Assert.Equal(outcome, same);
        }
        Assert.Equal(BookScript.Bytes(script.State), BookScript.Bytes(resumed));
    }, iter: 100);

    [Fact]
    public void What_must_never_happen_never_does() => Rolls.Sample(rolls => _ = RandomBook.Write(rolls, BookInvariants.Check), iter: 200);

    [Fact]
    public void Random_books_reach_what_they_are_to_test()
    {
        var random = new Random(7);
        var scripts = Enumerable.Range(0, 100).Select(_ => RandomBook.Write([.. Enumerable.Range(0, 250).Select(_ => random.Next())])).ToList();

        // A generator whose commands are all refused would prove nothing.
        var accepted = scripts.SelectMany(script => Replay(script)).Where(entry => entry.Outcome.Refusals.Count == 0).CountBy(entry => entry.Command.ChangeCase).ToDictionary();
        var rare = Enum.GetValues<BookCommand.ChangeOneofCase>().Except([BookCommand.ChangeOneofCase.None, BookCommand.ChangeOneofCase.RaiseFormat]).Where(change => accepted.GetValueOrDefault(change) < 50).ToList();
        Assert.True(rare.Count == 0, $"Hardly ever accepted: {string.Join(", ", rare)}. All: {string.Join(", ", accepted)}");
    }

    private static IEnumerable<(BookCommand Command, BookOutcome Outcome)> Replay(BookScript script)
    {
        var state = BookState.Empty;
        foreach (var (index, command) in script.Entries)
        {
            (state, var outcome) = BookMachine.Apply(state, index, command);
            yield return (command, outcome);
        }
    }
}
