using Edge.Cluster.Book;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Node.Site.Recovery;

/// <summary>
/// The book with which a site goes on from one node: a new incarnation, in which this node votes alone. Nodes that held a vote are not in it any more: with their old logs they could make a majority
/// of before, and a node that is in no book is refused by everybody. Pure.
/// </summary>
/// <param name="Book">The book to go on with; null when it is refused.</param>
/// <param name="Removed">Nodes that are not in it any more.</param>
/// <param name="Refusal">Why not, for people.</param>
internal sealed record IncarnationPlan(BookState? Book, IReadOnlyList<string> Removed, string? Refusal)
{
    /// <summary>Plans it.</summary>
    /// <param name="book">The book to go on from.</param>
    /// <param name="above">Highest incarnation that is known of; the new one is the next.</param>
    /// <param name="self">This node.</param>
    /// <param name="keep">Followers that remain.</param>
    /// <param name="reason">For the audit log.</param>
    /// <param name="requestId">Random, 16 bytes.</param>
    /// <param name="now">UTC.</param>
    public static IncarnationPlan Of(BookState book, uint above, NodeIdentity self, IReadOnlyList<string> keep, string reason, ReadOnlyMemory<byte> requestId, DateTimeOffset now)
    {
        if (book.Site is not { } site) return Refuse("The book is empty: no site was founded in it.");
        if (keep.Where(name => !book.Nodes.ContainsKey(name)).ToList() is [_, ..] unknown)
            return Refuse($"--keep names {string.Join(", ", unknown)}, which the book does not have. Nodes in it: {string.Join(", ", book.Nodes.Keys)}.");
        if (keep.Where(book.Voters.Contains).ToList() is [_, ..] voting)
            return Refuse($"--keep names {string.Join(", ", voting)}, which held a vote: with its old log it could go on with the site of before. Leave it out; it joins again after 'edge site leave'.");
        var sameAuthority = site.CaFingerprint.Span.SequenceEqual(self.AuthorityFingerprint);
        if (keep.Count > 0 && !sameAuthority)
            return Refuse("--keep names nodes whose certificates are of an authority that this node does not hold, so they cannot remain. Leave --keep out; they join again.");
        var of = site.Clone();
        of.CaFingerprint = ByteString.CopyFrom(self.AuthorityFingerprint);
        of.CaCertificate = ByteString.CopyFrom(self.AuthorityCertificate.RawData);
        var node = book.Nodes.GetValueOrDefault(self.Name)?.Clone() ?? new NodeRecord { Name = self.Name, FormatMax = BookFormat.Current, AdmittedIndex = book.Index };
        (node.KeyFingerprint, node.MayVote, node.Witness) = (ByteString.CopyFrom(self.KeyFingerprint), true, false);
        node.ClearCordoned();
        node.Draining = false;
        var start = book with { Site = of, Nodes = book.Nodes.SetItem(node.Name, node) };
        var command = new BookCommand
        {
            RequestId = ByteString.CopyFrom(requestId.Span),
            Who = self.Name,
            TimeUs = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            Format = BookFormat.First,
            BeginIncarnation = new() { Incarnation = Math.Max(above, of.Incarnation) + 1, Reason = reason, Nodes = { keep.Append(self.Name).Distinct(StringComparer.Ordinal) } },
        };
        var (next, outcome) = BookMachine.Apply(start, start.Index + 1, command);
        if (outcome.Refusals.Count > 0) return Refuse(string.Join(" ", outcome.Refusals.Select(refusal => refusal.Message)));
        return new(next with { Voters = [self.Name] }, [.. start.Nodes.Keys.Where(name => !next.Nodes.ContainsKey(name))], null);
    }

    private static IncarnationPlan Refuse(string message) => new(null, [], message);
}
