using Edge.Cluster.Book;

namespace Edge.Cluster.Transport;

/// <summary>
/// All open connections with other nodes, both directions, by name, so that a node's can be cut at once when the book removes it. At most <see cref="MaxPerPeer"/> for each name: more than
/// that is refused. Thread-safe.
/// </summary>
public sealed class PeerConnections
{
    /// <summary>Connections with one node, both directions. A node needs a handful.</summary>
    public const int MaxPerPeer = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<Registration>> _byName = new(StringComparer.Ordinal);

    /// <summary>Keeps a connection until the result is disposed; null if the peer has too many. <paramref name="abort"/> must not block and may be called from any thread.</summary>
    public IDisposable? Register(string peer, Action abort)
    {
        var registration = new Registration(this, peer, abort);
        lock (_gate)
        {
            if (!_byName.TryGetValue(peer, out var open))
                _byName[peer] = open = [];
            if (open.Count >= MaxPerPeer)
                return null;
            open.Add(registration);
        }
        return registration;
    }

    /// <summary>Open connections with a node.</summary>
    public int Count(string peer)
    {
        lock (_gate)
        {
            return _byName.GetValueOrDefault(peer)?.Count ?? 0;
        }
    }

    /// <summary>Ends all connections with a node now, and says how many there were. That it does not come back is up to the trust: change the book first.</summary>
    public int Cut(string peer)
    {
        Registration[] open;
        lock (_gate)
        {
            open = [.. _byName.GetValueOrDefault(peer) ?? []];
        }
        foreach (var registration in open)
            registration.Abort();
        return open.Length;
    }

    /// <summary>Cuts whoever the book removes or gives another key, as soon as that is applied here. Dispose what comes back to end it.</summary>
    public IDisposable Follow(IBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.Watch(OnChange);
    }

    private void OnChange(BookChange change)
    {
        if (ReferenceEquals(change.Before.Nodes, change.After.Nodes))
            return;
        string[] names;
        lock (_gate)
        {
            names = [.. _byName.Keys];
        }
        foreach (var name in names)
        {
            var before = change.Before.Nodes.GetValueOrDefault(name);
            if (before is not null && change.After.Nodes.GetValueOrDefault(name)?.KeyFingerprint != before.KeyFingerprint)
                Cut(name);
        }
    }

    private void Remove(Registration registration)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(registration.Peer, out var open) && open.Remove(registration) && open.Count == 0)
                _byName.Remove(registration.Peer);
        }
    }

    private sealed class Registration(PeerConnections owner, string peer, Action abort) : IDisposable
    {
        public string Peer => peer;

        public void Abort() => abort();

        public void Dispose() => owner.Remove(this);
    }
}
