using Edge.Cluster.Book;
using Edge.Node.Admin;
using Edge.Node.Configuration;

namespace Edge.Node.Site;

/// <summary>
/// What <c>/readyz</c> says of a node's part in its site: parts that are not well. Pure. A node that is no member is still ready: it takes readings, and channels that may go on without the site do.
/// </summary>
/// <param name="Node">This node.</param>
/// <param name="WithoutLease">How long it has had no lease; null while it has one.</param>
/// <param name="Reason">Why it was not granted.</param>
/// <param name="Leader">Who leads, as far as this node knows.</param>
/// <param name="Mirror">Why readings that want a second node wait.</param>
/// <param name="Findings">Mistakes in what is declared.</param>
internal sealed record SiteHealth(string Node, TimeSpan? WithoutLease, string Reason, string Leader, string? Mirror, IReadOnlyList<Finding> Findings)
{
    // Joining takes a few tenths of a second, a change of leader about two seconds.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    /// <summary>The parts.</summary>
    /// <param name="book">The book as this node has it.</param>
    public IEnumerable<PartHealth> Parts(BookState book)
    {
        if (WithoutLease is { } without && without >= Usual)
        {
            yield return new("membership", PartCondition.Degraded, $"Node '{Node}' has been no member of its site for {without.TotalSeconds:0} s: {(Reason.Length > 0 ? Reason : "nobody granted it a lease yet.")} What may not act without the site has stopped here. It goes on asking.");
            if (Leader.Length == 0)
                yield return new("book", PartCondition.Degraded, $"No leader is known, so nothing can be declared or placed. A majority of the voters ({string.Join(", ", book.Voters)}) must run and reach each other; if they are gone for good: edge site recover.");
        }

        if (Mirror is not null)
            yield return new("mirror", PartCondition.Degraded, $"Readings of channels with 'durability: replicated' are not acknowledged: {Mirror}. They wait until a second node takes them.");
        foreach (var mistakes in Findings.GroupBy(finding => finding.Place.File))
            yield return new($"manifest {mistakes.Key}", PartCondition.Failed, string.Join(" ", mistakes.Select(finding => finding.Message)));
    }
}
