using System.Collections.Immutable;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Book;

/// <summary>
/// The whole book as one message and back. Sorted, so that equal books are equal bytes on every node. The messages inside are shared with the state: do not change them.
/// </summary>
public static class BookSnapshots
{
    /// <summary>Writes a state.</summary>
    public static BookSnapshot Write(BookState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var snapshot = new BookSnapshot { Index = state.Index, Site = state.Site };
        snapshot.Nodes.AddRange(state.Nodes.Values);
        snapshot.Resources.AddRange(Sorted(state.Resources.Values, (a, b) => Compare((a.Kind, a.Tenant, a.Name), (b.Kind, b.Tenant, b.Name))));
        snapshot.Placements.AddRange(Sorted(state.Placements.Values, (a, b) => Compare((a.Kind, a.Identity, ""), (b.Kind, b.Identity, ""))));
        snapshot.Tokens.AddRange(Sorted(state.Tokens.Values, (a, b) => string.CompareOrdinal(a.Id, b.Id)));
        snapshot.Keys.AddRange(Sorted(state.Keys.Values, (a, b) => Compare((a.Tenant, a.Name, ""), (b.Tenant, b.Name, ""))));
        snapshot.Audit.AddRange(state.Audit);
        snapshot.Remembered.AddRange(state.RememberedOrder.Select(key => new Remembered { RequestId = ByteString.CopyFrom(Convert.FromHexString(key)), Outcome = state.Remembered[key] }));
        snapshot.Voters.AddRange(state.Voters);
        return snapshot;
    }

    /// <summary>Reads a state. The snapshot belongs to the state from then on.</summary>
    /// <exception cref="BookFormatException">The book needs a newer program.</exception>
    public static BookState Read(BookSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        BookFormat.Require(BookFormat.Of(snapshot.Site), snapshot.Index, BookFormat.Current);
        var keys = snapshot.Remembered.Select(remembered => Convert.ToHexString(remembered.RequestId.Span)).ToList();
        var empty = BookState.Empty;
        return new BookState
        {
            Index = snapshot.Index,
            Site = snapshot.Site,
            Nodes = empty.Nodes.SetItems(snapshot.Nodes.Select(node => KeyValuePair.Create(node.Name, node))),
            Resources = empty.Resources.SetItems(snapshot.Resources.Select(resource => KeyValuePair.Create(ResourceId.Of(resource), resource))),
            Placements = empty.Placements.SetItems(snapshot.Placements.Select(placement => KeyValuePair.Create(ActorName.Of(placement), placement))),
            Tokens = empty.Tokens.SetItems(snapshot.Tokens.Select(token => KeyValuePair.Create(token.Id, token))),
            Keys = empty.Keys.SetItems(snapshot.Keys.Select(key => KeyValuePair.Create((key.Tenant, key.Name), key))),
            Audit = ImmutableQueue.CreateRange(snapshot.Audit),
            AuditCount = snapshot.Audit.Count,
            Remembered = empty.Remembered.SetItems(keys.Zip(snapshot.Remembered, (key, remembered) => KeyValuePair.Create(key, remembered.Outcome))),
            RememberedOrder = ImmutableQueue.CreateRange(keys),
            Voters = [.. snapshot.Voters],
        };
    }

    private static List<T> Sorted<T>(IEnumerable<T> values, Comparison<T> order)
    {
        var list = values.ToList();
        list.Sort(order);
        return list;
    }

    private static int Compare((string, string, string) a, (string, string, string) b)
    {
        var first = string.CompareOrdinal(a.Item1, b.Item1);
        if (first != 0)
            return first;
        var second = string.CompareOrdinal(a.Item2, b.Item2);
        return second != 0 ? second : string.CompareOrdinal(a.Item3, b.Item3);
    }
}
