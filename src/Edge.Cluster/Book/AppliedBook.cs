using System.Collections.Immutable;

namespace Edge.Cluster.Book;

/// <summary>The book as far as a node has applied it, those who watch it, and those who wait for an index. One writer; readers and waiters from any thread.</summary>
internal sealed class AppliedBook(BookState start)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Waiter> _waiters = [];
    private ImmutableArray<Watcher> _watchers = [];
    private volatile BookState _current = start;

    /// <summary>State applied last.</summary>
    public BookState Current => _current;

    /// <summary>Calls back after each change, on the writer's thread; dispose what comes back to end it.</summary>
    public IDisposable Watch(Action<BookChange> onChange)
    {
        var watcher = new Watcher(this, onChange);
        lock (_gate)
            _watchers = _watchers.Add(watcher);
        return watcher;
    }

    /// <summary>Takes the next state; called by the one writer.</summary>
    /// <param name="next">The state.</param>
    /// <param name="command">What made it; null for a snapshot.</param>
    public void Advance(BookState next, Messages.Book.BookCommand? command)
    {
        var change = new BookChange(_current, next, command);
        ImmutableArray<Watcher> watchers;
        List<Waiter> reached;
        lock (_gate)
        {
            _current = next;
            watchers = _watchers;
            reached = [.. _waiters.Where(waiter => waiter.Index <= next.Index)];
            _waiters.ExceptWith(reached);
        }
        foreach (var watcher in watchers)
            watcher.OnChange(change);
        foreach (var waiter in reached)
            waiter.Reached.SetResult(next);
    }

    /// <summary>The first state here that holds an index. There are as many waiters as calls of the node's own that wait.</summary>
    public async Task<BookState> WaitAsync(ulong index, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_current.Index >= index)
                return _current;
            waiter = new Waiter(index, new TaskCompletionSource<BookState>(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
        }
        try
        {
            return await waiter.Reached.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _waiters.Remove(waiter);
        }
    }

    private sealed record Waiter(ulong Index, TaskCompletionSource<BookState> Reached);

    private sealed class Watcher(AppliedBook book, Action<BookChange> onChange) : IDisposable
    {
        public Action<BookChange> OnChange { get; } = onChange;

        public void Dispose()
        {
            lock (book._gate)
                book._watchers = book._watchers.Remove(this);
        }
    }
}
