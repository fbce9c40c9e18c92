using System.Collections.Immutable;
using Edge.Cluster.Book;

namespace Edge.Cluster.Transport;

/// <summary>
/// Where nodes may be found today, by name: where they were last reached or announced themselves, then what the book says, then what the operator wrote. Only hints: a wrong one costs a
/// connect, because the certificate must carry the name that was dialled. Keeps at most 1024 names (then forgets the one seen longest ago) with 4 addresses each. Thread-safe.
/// </summary>
/// <param name="book">The book as applied here.</param>
/// <param name="written">Addresses that the operator gave, by node name.</param>
public sealed class PeerDirectory(Func<BookState> book, ImmutableDictionary<string, NodeAddress> written)
{
    private const int NamesMax = 1024;
    private const int AddressesMax = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>A directory without the operator's help.</summary>
    public PeerDirectory(Func<BookState> book) : this(book, ImmutableDictionary<string, NodeAddress>.Empty)
    {
    }

    /// <summary>A node was reached at an address, or announced it.</summary>
    public void Saw(string node, NodeAddress address)
    {
        lock (_gate)
        {
            var before = _seen.GetValueOrDefault(node)?.Addresses ?? [];
            _seen[node] = new(++_clock, before is [var newest, ..] && newest == address ? before : [address, .. before.Remove(address).Take(AddressesMax - 1)]);
            if (_seen.Count > NamesMax)
                _seen.Remove(_seen.MinBy(entry => entry.Value.At).Key);
        }
    }

    /// <summary>Where to try, most likely first; empty if nothing is known.</summary>
    public ImmutableArray<NodeAddress> Of(string node)
    {
        ImmutableArray<NodeAddress> seen;
        lock (_gate)
        {
            seen = _seen.GetValueOrDefault(node)?.Addresses ?? [];
        }
        IEnumerable<NodeAddress> all = seen;
        if (book().Nodes.TryGetValue(node, out var record) && NodeAddress.TryParse(record.Addresses?.Node ?? "", out var booked))
            all = all.Append(booked);
        if (written.TryGetValue(node, out var fixedOne))
            all = all.Append(fixedOne);
        return [.. all.Distinct()];
    }

    private sealed record Seen(long At, ImmutableArray<NodeAddress> Addresses);
}
