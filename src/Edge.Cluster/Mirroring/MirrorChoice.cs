using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Mirroring;

/// <summary>Which node keeps the copy of a node's log: the next member in the order of names, round to the first. Pure.</summary>
/// <remarks>
/// A ring spreads the copies over the site without a decision in the book, and a member that comes or goes changes the choice of its neighbour only. Nodes that are being drained are
/// passed over while there is another.
/// </remarks>
public static class MirrorChoice
{
    /// <summary>The node that keeps the copy; null while <paramref name="self"/> is the only member.</summary>
    public static string? Of(BookState book, string self)
    {
        ArgumentNullException.ThrowIfNull(book);
        var members = book.Nodes.Values.Where(n => n.Member is not null && !n.Witness && n.Name != self).ToList();
        return Next(members.Where(n => !n.Draining), self) ?? Next(members, self);
    }

    private static string? Next(IEnumerable<NodeRecord> ring, string self)
    {
        string? first = null;
        foreach (var node in ring)
        {
            if (string.CompareOrdinal(node.Name, self) > 0) return node.Name;
            first ??= node.Name;
        }

        return first;
    }
}
