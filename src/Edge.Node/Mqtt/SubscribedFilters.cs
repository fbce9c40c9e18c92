using Edge.Messages.Site;

namespace Edge.Node.Mqtt;

/// <summary>
/// The topic filters that this node's clients subscribe to, with the tenant's prefix, each once: what other nodes need to know to forward outputs here. Follows sessions, not connections:
/// a session that waits for its client still wants its messages. Thread-safe.
/// </summary>
internal sealed class SubscribedFilters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<string>> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _filters = new(StringComparer.Ordinal);
    private readonly List<Action<InterestChange>> _watchers = [];

    /// <summary>A client subscribed.</summary>
    public void Add(string clientId, string filter)
    {
        lock (_gate)
        {
            if (!_clients.TryGetValue(clientId, out var filters)) _clients.Add(clientId, filters = new(StringComparer.Ordinal));
            if (!filters.Add(filter)) return;
            var count = _filters[filter] = _filters.GetValueOrDefault(filter) + 1;
            if (count == 1) Tell(new() { Added = { filter } });
        }
    }

    /// <summary>A client unsubscribed.</summary>
    public void Remove(string clientId, string filter)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(clientId, out var filters) && filters.Remove(filter)) Release(filter);
        }
    }

    /// <summary>A session ended, with all its subscriptions.</summary>
    public void RemoveAll(string clientId)
    {
        lock (_gate)
        {
            if (!_clients.Remove(clientId, out var filters)) return;
            foreach (var filter in filters) Release(filter);
        }
    }

    /// <summary>Tells all filters now, then each change, until what comes back is disposed.</summary>
    public IDisposable Watch(Action<InterestChange> onChange)
    {
        lock (_gate)
        {
            onChange(new() { Whole = true, Added = { _filters.Keys } });
            _watchers.Add(onChange);
        }

        return new Watcher(this, onChange);
    }

    private void Release(string filter)
    {
        if (--_filters[filter] > 0) return;
        _filters.Remove(filter);
        Tell(new() { Removed = { filter } });
    }

    private void Tell(InterestChange change)
    {
        foreach (var watcher in _watchers) watcher(change);
    }

    private sealed class Watcher(SubscribedFilters filters, Action<InterestChange> onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (filters._gate) filters._watchers.Remove(onChange);
        }
    }
}
