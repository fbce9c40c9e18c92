using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Edge.Messages.Site;

namespace Edge.Cluster.Book;

/// <summary>
/// The book for those who follow this node: entries from where they are, the whole book when they are too far behind or in another incarnation, and the committed index every second.
/// Followers read from one bounded window at their own pace, so a slow one costs no memory; when it falls out of the window it gets the whole book. Thread-safe. Ends with <see cref="Dispose"/>.
/// </summary>
public sealed class BookFeed : IDisposable
{
    private const int BatchMax = 64;

    private readonly Lock _gate = new();
    private readonly BookWindow _window;
    private readonly HashSet<Channel<bool>> _bells = [];
    private readonly IDisposable _watch;
    private readonly ITimer _heartbeat;
    private BookState? _state;
    private bool _ended;

    /// <summary>Begins to watch a book.</summary>
    public BookFeed(IBook book, TimeProvider time, BookFeedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new BookFeedOptions();
        _window = new BookWindow(options.EntriesMax, options.BytesMax);
        _watch = book.Watch(Take);
        lock (_gate)
            _state ??= book.Current;
        _heartbeat = time.CreateTimer(_ => Ring(isHeartbeat: true), null, options.Heartbeat, options.Heartbeat);
    }

    /// <summary>Followers there are now.</summary>
    public int Followers
    {
        get
        {
            lock (_gate)
                return _bells.Count;
        }
    }

    /// <summary>The book from where a follower is, until cancelled or disposed. The first frame comes at once.</summary>
    /// <param name="after">Index that the follower has; 0 for none.</param>
    /// <param name="incarnation">Incarnation that the index belongs to; another one than the site's asks for the whole book.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<BookFrame> FollowAsync(ulong after, uint incarnation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        Add(bell);
        try
        {
            var beats = true;
            do
            {
                while (Next(after, incarnation) is { Count: > 0 } frames)
                {
                    foreach (var frame in frames)
                    {
                        (after, incarnation) = frame.Snapshot is { } whole ? (whole.Index, whole.Site?.Incarnation ?? 0) : (frame.Entry.Index, frame.Entry.Incarnation);
                        yield return frame;
                    }
                }
                if (beats)
                    yield return new BookFrame { Index = State.Index };
            }
            while (await bell.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false) && bell.Reader.TryRead(out beats));
        }
        finally
        {
            lock (_gate)
                _bells.Remove(bell);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        _heartbeat.Dispose();
        lock (_gate)
        {
            _ended = true;
            foreach (var bell in _bells)
                bell.Writer.TryComplete();
        }
    }

    private BookState State
    {
        get
        {
            lock (_gate)
                return _state!;
        }
    }

    private void Add(Channel<bool> bell)
    {
        lock (_gate)
        {
            _bells.Add(bell);
            if (_ended)
                bell.Writer.TryComplete();
        }
    }

    /// <summary>What a follower gets next; nothing when it has all there is.</summary>
    private IReadOnlyList<BookFrame> Next(ulong after, uint incarnation)
    {
        BookState state;
        lock (_gate)
        {
            state = _state!;
            if (incarnation == Incarnation(state))
            {
                // A follower that is ahead of this node waits here until this node has caught up.
                if (after >= state.Index)
                    return [];
                if (_window.After(after, BatchMax) is { } entries)
                    return entries;
            }
        }
        return [new BookFrame { Snapshot = BookSnapshots.Write(state) }];
    }

    private void Take(BookChange change)
    {
        lock (_gate)
        {
            var last = _state ?? change.Before;
            if (Incarnation(change.After) == Incarnation(last) && change.After.Index <= last.Index)
                return; // seen when the feed began
            if (change.Command is not null && change.Before.Index == last.Index && Incarnation(last) == Incarnation(change.After))
                _window.Add(change.Before.Index, change.After.Index, Incarnation(change.After), change.Command);
            else
                // After a snapshot there are no entries in between, and in another incarnation a follower may be ahead of this node on a way that was given up: all get the whole book.
                _window.Clear();
            _state = change.After;
        }
        Ring(isHeartbeat: false);
    }

    private void Ring(bool isHeartbeat)
    {
        lock (_gate)
        {
            foreach (var bell in _bells)
                bell.Writer.TryWrite(isHeartbeat);
        }
    }

    private static uint Incarnation(BookState state) => state.Site?.Incarnation ?? 0;
}
