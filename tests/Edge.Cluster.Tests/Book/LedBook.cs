using System.Collections.Immutable;
using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Book;

/// <summary>A book held by one node in memory: the log of a site of one, which leads unless it is told not to.</summary>
internal sealed class LedBook(BookState start) : IBook
{
    private readonly Lock _gate = new();
    private readonly AppliedBook _applied = new(start);

    public ImmutableList<BookCommand> Appended { get; private set; } = [];

    public BookLeadership Leadership { get; set; } = new(true, 1, "pi-1");

    public BookState Current => _applied.Current;

    public IDisposable Watch(Action<BookChange> onChange) => _applied.Watch(onChange);

    public Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation) => Task.FromResult(Append(command));

    public Task<BookState> ReadAsync(CancellationToken cancellation) => Task.FromResult(Current);

    /// <summary>Appends, with a hole before the index as a log's own entries leave them.</summary>
    public BookOutcome Append(BookCommand command)
    {
        lock (_gate)
        {
            Appended = Appended.Add(command);
            var (next, outcome) = BookMachine.Apply(Current, Current.Index + 2, command);
            _applied.Advance(next, command);
            return outcome;
        }
    }

    /// <summary>Replaces the whole book, as a voter does that received a snapshot.</summary>
    public void Replace(BookState state)
    {
        lock (_gate)
            _applied.Advance(state, null);
    }

    public void Write(int commands)
    {
        for (var i = 0; i < commands; i++)
            Append(BookScript.Apply(BookScript.Edit("Channel", "default", $"c{i % 50}", $"{{\"n\":{Current.Index}}}")));
    }
}
