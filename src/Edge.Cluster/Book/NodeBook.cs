using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>
/// The book as a node has it through its life: first as a follower, then perhaps with a vote, then without again. Whoever watches sees one sequence of states that never goes back; a jump over
/// commands that this node did not see one by one shows as one change without a command. Thread-safe.
/// </summary>
public sealed class NodeBook : IBook, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Action<BookChange>> _watchers = [];
    private IBook _active;
    private IDisposable _watch;
    private BookState _current;

    /// <param name="first">The book to begin with.</param>
    public NodeBook(IBook first)
    {
        ArgumentNullException.ThrowIfNull(first);
        _active = first;
        _current = first.Current;
        _watch = first.Watch(change => Follow(first, change));
        Follow(first, new(_current, first.Current, null));
    }

    /// <inheritdoc/>
    public BookState Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public BookLeadership Leadership => Volatile.Read(ref _active).Leadership;

    /// <summary>Goes on with another book of the same site: the vote that this node got, or what it follows from now on.</summary>
    public void Switch(IBook next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (_gate)
        {
            _watch.Dispose();
            Volatile.Write(ref _active, next);
            _watch = next.Watch(change => Follow(next, change));
        }

        Follow(next, new(BookState.Empty, next.Current, null));
    }

    /// <inheritdoc/>
    public IDisposable Watch(Action<BookChange> onChange)
    {
        lock (_gate) _watchers.Add(onChange);
        return new Watcher(this, onChange);
    }

    /// <summary>Called as an append of this node begins, and what it returns when it was answered: to time them. Default: nothing.</summary>
    public Func<Action> Appending { get; set; } = static () => static () => { };

    /// <inheritdoc/>
    public async Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation)
    {
        var answered = Appending();
        var outcome = await Volatile.Read(ref _active).AppendAsync(command, cancellation).ConfigureAwait(false);
        answered();
        return outcome;
    }

    /// <inheritdoc/>
    public Task<BookState> ReadAsync(CancellationToken cancellation) => Volatile.Read(ref _active).ReadAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    // Changes of one book come one at a time; those of the book before may still be on their way when it is switched.
    private void Follow(IBook from, BookChange change)
    {
        lock (_gate)
        {
            if (from != _active || !IsNewer(change.After, _current)) return;
            var seen = change.Before.Index == _current.Index ? change : new(_current, change.After, null);
            Volatile.Write(ref _current, change.After);
            foreach (var watcher in _watchers) watcher(seen);
        }
    }

    private static bool IsNewer(BookState state, BookState than) =>
        ((state.Site?.Incarnation ?? 0), state.Index).CompareTo(((than.Site?.Incarnation ?? 0), than.Index)) > 0;

    private sealed class Watcher(NodeBook book, Action<BookChange> onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (book._gate) book._watchers.Remove(onChange);
        }
    }
}
