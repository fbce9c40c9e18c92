using Edge.Cluster.Book;

namespace Edge.Node.Site;

/// <summary>What people should know of a site's votes: that a site of two nodes has one vote only, and what that means. Pure.</summary>
internal static class VoteAdvice
{
    private const int VotesThatOutliveOne = 3;

    /// <summary>In words; null for a site of one node, which expects no failover, and for one with three votes or the nodes for them.</summary>
    public static string? Of(BookState book)
    {
        var able = book.Nodes.Values.Count(node => node.MayVote);
        if (book.Nodes.Count < 2 || able >= VotesThatOutliveOne || book.Voters.Length >= VotesThatOutliveOne) return null;
        return $"{(book.Voters.Length == 1 ? "One voter" : $"{book.Voters.Length} voters")}: if {string.Join(" or ", book.Voters)} dies, nothing fails over. Add a third node that may vote, or run 'edge witness' on a third box.";
    }
}
