using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>
/// Admits a node against a token. A token is spent on a key: the same key with the same token is told the same again (its first answer may have been lost), everybody else is refused.
/// </summary>
internal static class AdmitCommand
{
    /// <summary>Carries it out, or refuses with what the person at the joining node should do.</summary>
    public static void Admit(BookDraft draft, AdmitNode admit)
    {
        var about = admit.Node;
        if (about is null || about.Name.Length == 0 || about.KeyFingerprint.IsEmpty)
        {
            draft.Refuse(RefusalReason.Invalid, "node", "A joining node needs a name and the fingerprint of its key.");
            return;
        }
        if (!draft.State.Tokens.TryGetValue(admit.TokenId, out var token) || token.Purpose != TokenPurpose.Node || token.Hash.IsEmpty || token.Hash != admit.TokenHash)
        {
            draft.Refuse(RefusalReason.TokenUnknown, Token(admit), $"Token '{admit.TokenId}' is no token for nodes of site '{draft.State.Site!.Name}'. Make one on a node of the site with `edge token create --node`.");
            return;
        }
        if (!token.SpentByKey.IsEmpty)
            Again(draft, admit, token);
        else if (IsAdmissible(draft, admit, token))
            Spend(draft, about, token);
    }

    private static void Again(BookDraft draft, AdmitNode admit, TokenRecord token)
    {
        var isSame = token.SpentByKey == admit.Node.KeyFingerprint && token.SpentByNode == admit.Node.Name;
        if (isSame && draft.State.Nodes.TryGetValue(token.SpentByNode, out var node) && node.KeyFingerprint == token.SpentByKey)
            return; // the same question again: admitted, and the node is in the book
        draft.Refuse(RefusalReason.TokenSpent, Token(admit), isSame
            ? $"Token '{admit.TokenId}' admitted node '{token.SpentByNode}', which was removed since. Make a new token with `edge token create --node`."
            : $"Token '{admit.TokenId}' was spent on node '{token.SpentByNode}'; a token admits one node. Make another with `edge token create --node`.");
    }

    private static bool IsAdmissible(BookDraft draft, AdmitNode admit, TokenRecord token)
    {
        var about = admit.Node;
        var format = BookFormat.Of(draft.State.Site);
        if (token.ExpiresUs != 0 && draft.TimeUs >= token.ExpiresUs)
            draft.Refuse(RefusalReason.TokenExpired, Token(admit), $"Token '{admit.TokenId}' expired {TimeSpan.FromMicroseconds(draft.TimeUs - token.ExpiresUs).TotalMinutes:0} minutes ago by the site's clock. Make another with `edge token create --node`.");
        if (draft.State.Nodes.TryGetValue(about.Name, out var holder) && holder.KeyFingerprint != about.KeyFingerprint)
            draft.Refuse(RefusalReason.NameTaken, NodeCommands.Subject(about.Name), $"The name '{about.Name}' belongs to a node with another key. Join under another name, or, if that node is gone, remove it with `edge node rm {about.Name}`.");
        if (draft.State.Nodes.Values.FirstOrDefault(node => node.KeyFingerprint == about.KeyFingerprint && node.Name != about.Name) is { } same)
            draft.Refuse(RefusalReason.NameTaken, NodeCommands.Subject(about.Name), $"The key of the joining node is that of node '{same.Name}'; a key has one name. Join as '{same.Name}', or with an empty data folder.");
        if (about.FormatMax < format)
            draft.Refuse(RefusalReason.Format, NodeCommands.Subject(about.Name), $"The site's book has format {format}; the joining node's program (version '{about.Version}') knows formats up to {about.FormatMax}. Upgrade edge on it.");
        return !draft.IsRefused;
    }

    private static void Spend(BookDraft draft, NodeRecord about, TokenRecord token)
    {
        var spent = token.Clone();
        (spent.SpentByKey, spent.SpentByNode) = (about.KeyFingerprint, about.Name);
        // A node that is known by this key and joins anew keeps what the site says of it.
        var node = draft.State.Nodes.TryGetValue(about.Name, out var known) ? NodeCommands.Told(known, about) : NodeCommands.Admitted(about, draft.Index);
        draft.State = draft.State with { Tokens = draft.State.Tokens.SetItem(spent.Id, spent), Nodes = draft.State.Nodes.SetItem(node.Name, node) };
        draft.Audit("admit", NodeCommands.Subject(node.Name), $"token {spent.Id}, version {node.Version}");
    }

    private static string Token(AdmitNode admit) => TokenCommands.Subject(admit.TokenId);
}
