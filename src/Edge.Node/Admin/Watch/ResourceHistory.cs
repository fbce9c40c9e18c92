using System.Threading.Channels;
using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Node.Admin.Watch;

/// <summary>
/// The last changes of resources, so that a watcher that was away goes on where it was, and where watchers wait for the next. Bounded: <see cref="Kept"/> changes are kept (one that was away longer gets the
/// whole state anew), and a watcher that lets the changes of <see cref="WatcherBacklog"/> commands wait is cut: it comes back and goes on. Ends with <see cref="Dispose"/>.
/// </summary>
internal sealed class ResourceHistory : IDisposable
{
    /// <summary>Changes kept.</summary>
    public const int Kept = 4_096;

    /// <summary>Commands whose changes may wait for one watcher.</summary>
    public const int WatcherBacklog = 1_024;

    private readonly Lock _lock = new();
    private readonly Queue<ResourceChanges> _commands = new();
    private readonly List<Channel<ResourceChanges>> _watchers = [];
    private readonly IDisposable _book;
    private BookState _state;
    private int _kept;
    private WatchPoint _complete;

    public ResourceHistory(IBook book)
    {
        lock (_lock)
        {
            _state = book.Current;
            _complete = WatchPoint.Of(_state);
            _book = book.Watch(OnChange);
        }
    }

    /// <summary>Begins to watch.</summary>
    /// <param name="after">Where the watcher is; null: nowhere.</param>
    /// <returns>What to begin with: the changes since, or the whole state when they are not known (any more); and the changes that follow. Dispose it to end.</returns>
    public ResourceWatch Watch(WatchPoint? after)
    {
        lock (_lock)
        {
            var channel = Channel.CreateBounded<ResourceChanges>(new BoundedChannelOptions(WatcherBacklog) { SingleReader = true, SingleWriter = true });
            _watchers.Add(channel);
            var known = after is { } point && point.Incarnation == _complete.Incarnation && point.Index >= _complete.Index && point.Index <= _state.Index;
            return new(known ? null : _state, known ? [.. _commands.Where(command => command.At.Index > after!.Value.Index)] : [], WatchPoint.Of(_state), channel.Reader, () => End(channel));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _book.Dispose();
        lock (_lock) CutAll();
    }

    private void End(Channel<ResourceChanges> channel)
    {
        lock (_lock) _watchers.Remove(channel);
    }

    // On the book's applying thread.
    private void OnChange(BookChange change)
    {
        lock (_lock)
        {
            if (change.After.Index <= _state.Index && change.After.Site?.Incarnation == _state.Site?.Incarnation) return;
            if (change.After.Site?.Incarnation != _state.Site?.Incarnation)
            {
                // Indexes of the former incarnation mean nothing now: everybody begins anew.
                (_state, _complete) = (change.After, WatchPoint.Of(change.After));
                _commands.Clear();
                _kept = 0;
                CutAll();
                return;
            }
            if (ChangesOf(_state, change) is { Count: > 0 } changes) Add(new(WatchPoint.Of(change.After), changes));
            _state = change.After;
        }
    }

    private void Add(ResourceChanges command)
    {
        _commands.Enqueue(command);
        for (_kept += command.Changes.Count; _kept > Kept; _complete = _commands.Dequeue().At) _kept -= _commands.Peek().Changes.Count;
        for (var i = _watchers.Count - 1; i >= 0; i--)
        {
            if (_watchers[i].Writer.TryWrite(command)) continue;
            _watchers[i].Writer.TryComplete();
            _watchers.RemoveAt(i);
        }
    }

    private void CutAll()
    {
        foreach (var watcher in _watchers) watcher.Writer.TryComplete();
        _watchers.Clear();
    }

    // A command names what it touches; a snapshot, or a change that came while the watch began, needs the whole comparison.
    private static List<ResourceChange> ChangesOf(BookState before, BookChange change)
    {
        var after = change.After;
        if (ReferenceEquals(before.Resources, after.Resources)) return [];
        IEnumerable<ResourceId> touched = before.Index != change.Before.Index ? before.Resources.Keys.Union(after.Resources.Keys) : change.Command?.ChangeCase switch
        {
            BookCommand.ChangeOneofCase.ApplyResources => change.Command.ApplyResources.Edits.Select(edit => ResourceId.Of(edit.Resource)),
            BookCommand.ChangeOneofCase.DeleteResources => change.Command.DeleteResources.Keys.Select(key => new ResourceId(key.Kind, key.Tenant, key.Name)),
            _ => before.Resources.Keys.Union(after.Resources.Keys),
        };
        return
        [
            .. touched.Distinct().Select(id => (Id: id, Was: before.Resources.GetValueOrDefault(id), Is: after.Resources.GetValueOrDefault(id)))
                .Where(one => one.Was?.Version != one.Is?.Version).Select(one => new ResourceChange(one.Id, one.Is)),
        ];
    }
}

/// <summary>One watcher's view.</summary>
/// <param name="Whole">The state to begin with; null: go on with <paramref name="Missed"/>.</param>
/// <param name="Missed">Changes since the watcher was here.</param>
/// <param name="At">Where the watcher is after these.</param>
/// <param name="Changes">What follows; complete when the watcher was too slow, or everybody must begin anew.</param>
/// <param name="End">Ends it.</param>
internal sealed record ResourceWatch(BookState? Whole, IReadOnlyList<ResourceChanges> Missed, WatchPoint At, ChannelReader<ResourceChanges> Changes, Action End) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => End();
}
