using System.Collections.Immutable;
using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>Commands about the site as a whole: founding, format, voters, incarnation.</summary>
internal static class SiteCommands
{
    /// <summary>First command of every site. The site begins with incarnation 1, its node as the only voter, and its administrator's token.</summary>
    public static void Found(BookDraft draft, FoundSite found)
    {
        if (draft.State.Site is { } existing)
            draft.Refuse(RefusalReason.NameTaken, "site", $"This book is the book of site '{existing.Name}' already. Found a new site on an empty data folder.");
        if (found.Site is null || found.Site.Id.IsEmpty || found.Site.Name.Length == 0)
            draft.Refuse(RefusalReason.Invalid, "site", "A site needs an id (16 random bytes) and a name.");
        if (found.Node is null || found.Node.Name.Length == 0 || found.Node.KeyFingerprint.IsEmpty)
            draft.Refuse(RefusalReason.Invalid, "site", "A site's first node needs a name and the fingerprint of its key.");
        if (found.Admin is not null && (found.Admin.Id.Length == 0 || found.Admin.Hash.IsEmpty))
            draft.Refuse(RefusalReason.Invalid, "site", "The first administrator's token needs an id and the hash of its secret.");
        if (draft.IsRefused)
            return;

        var site = found.Site!.Clone();
        site.Incarnation = Math.Max(1, site.Incarnation);
        site.Format = BookFormat.Of(site);
        var node = NodeCommands.Admitted(found.Node!, draft.Index);
        draft.State = draft.State with { Site = site, Nodes = draft.State.Nodes.SetItem(node.Name, node), Voters = [node.Name] };
        if (found.Admin is not null)
            draft.State = draft.State with { Tokens = draft.State.Tokens.SetItem(found.Admin.Id, found.Admin.Clone()) };
        draft.Audit("found", $"Site/{site.Name}", $"first node {node.Name}");
    }

    /// <summary>Raises the format by one, when every node that votes or may vote knows it.</summary>
    public static void RaiseFormat(BookDraft draft, RaiseFormat raise)
    {
        var present = BookFormat.Of(draft.State.Site);
        if (raise.Format != present + 1)
        {
            draft.Refuse(raise.Format <= present ? RefusalReason.Stale : RefusalReason.Invalid, "site", $"The book has format {present}; it can only be raised to {present + 1}, not to {raise.Format}.");
            return;
        }
        var voting = draft.State.Nodes.Values.Where(node => node.MayVote || draft.State.Voters.Contains(node.Name)).ToList();
        if (voting.Count == 0)
            draft.Refuse(RefusalReason.Format, "site", $"No node of the book may vote, so nothing speaks for format {raise.Format}. Start a node that may.");
        foreach (var node in voting.Where(node => node.FormatMax < raise.Format))
            draft.Refuse(RefusalReason.Format, $"Node/{node.Name}", $"Node '{node.Name}' runs version '{node.Version}', which knows book formats up to {node.FormatMax}; the book cannot be raised to {raise.Format}. Upgrade edge on it, or remove it.");
        var site = draft.State.Site!.Clone();
        site.Format = raise.Format;
        draft.State = draft.State with { Site = site };
        draft.Audit("raise-format", $"Site/{site.Name}", $"{present} to {raise.Format}");
    }

    /// <summary>Notes who the voters are, for followers and people. The log's own list decides.</summary>
    public static void NameVoters(BookDraft draft, NameVoters name)
    {
        ImmutableArray<string> voters = [.. name.Voters.Order(StringComparer.Ordinal)];
        if (voters.Length is 0 or > BookLimits.Voters || voters.Distinct(StringComparer.Ordinal).Count() != voters.Length || voters.Contains(""))
        {
            draft.Refuse(RefusalReason.Invalid, "site", $"The voters '{string.Join(", ", voters)}' are not 1 to {BookLimits.Voters} different names.");
            return;
        }
        if (voters.SequenceEqual(draft.State.Voters))
            return;
        draft.Audit("voters", $"Site/{draft.State.Site!.Name}", $"{string.Join(", ", draft.State.Voters)} to {string.Join(", ", voters)}");
        draft.State = draft.State with { Voters = voters };
    }

    /// <summary>
    /// Begins a new incarnation: no member, no owner and no unspent node token of before is one any more. A token that was spent after a backup was made would be unspent in the restored book.
    /// </summary>
    public static void BeginIncarnation(BookDraft draft, BeginIncarnation begin)
    {
        var present = draft.State.Site!.Incarnation;
        if (begin.Incarnation <= present)
            draft.Refuse(RefusalReason.Stale, "site", $"The site is in incarnation {present}; a new one must be above it, not {begin.Incarnation}.");
        foreach (var unknown in begin.Nodes.Where(name => !draft.State.Nodes.ContainsKey(name)))
            draft.Refuse(RefusalReason.NotFound, $"Node/{unknown}", $"Node '{unknown}' is not in the book, so it cannot remain. Nodes in the book: {string.Join(", ", draft.State.Nodes.Keys)}.");
        if (draft.IsRefused)
            return;

        var site = draft.State.Site.Clone();
        site.Incarnation = begin.Incarnation;
        var remain = begin.Nodes.Count == 0 ? draft.State.Nodes.Keys.ToHashSet(StringComparer.Ordinal) : begin.Nodes.ToHashSet(StringComparer.Ordinal);
        var gone = draft.State.Nodes.Keys.Where(name => !remain.Contains(name)).ToList();
        var placements = PlacementLoss.Apply(draft.State.Placements, _ => true, gone, begin.Reason);
        var nodes = draft.State.Nodes.RemoveRange(gone);
        nodes = nodes.SetItems(nodes.Select(node => KeyValuePair.Create(node.Key, NodeCommands.WithMember(node.Value, null))).ToList());
        var unspent = draft.State.Tokens.Values.Where(token => token.Purpose == TokenPurpose.Node && token.SpentByKey.IsEmpty).Select(token => token.Id).ToList();
        draft.State = draft.State with
        {
            Site = site,
            Nodes = nodes,
            Placements = placements,
            Tokens = draft.State.Tokens.RemoveRange(unspent),
            Voters = [.. draft.State.Voters.Where(remain.Contains)],
        };
        draft.Audit("incarnation", $"Site/{site.Name}", $"{present} to {begin.Incarnation}: {begin.Reason}; {nodes.Count} nodes remain, {gone.Count} removed, {unspent.Count} unspent node tokens revoked");
    }
}
