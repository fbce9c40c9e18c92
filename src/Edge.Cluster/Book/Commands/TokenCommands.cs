using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>Commands about tokens of people and of joining nodes.</summary>
internal static class TokenCommands
{
    /// <summary>Takes a new token in, and lets go of those that expired long ago.</summary>
    public static void Issue(BookDraft draft, IssueToken issue)
    {
        var token = issue.Token;
        if (token is null || token.Id.Length == 0 || token.Hash.IsEmpty || token.Purpose == TokenPurpose.Unspecified || (token.Purpose == TokenPurpose.Person && token.Role == Role.Unspecified))
            draft.Refuse(RefusalReason.Invalid, Subject(token?.Id ?? ""), "A token needs an id, the hash of its secret, a purpose (node or person) and, for a person, a role (viewer, operator, admin).");
        else if (!token.SpentByKey.IsEmpty || token.SpentByNode.Length > 0)
            draft.Refuse(RefusalReason.Invalid, Subject(token.Id), $"Token '{token.Id}' is issued as spent. A new token is spent by joining.");
        else if (draft.State.Tokens.ContainsKey(token.Id))
            draft.Refuse(RefusalReason.NameTaken, Subject(token.Id), $"A token '{token.Id}' is in the book already. Issue it under another id.");
        else
            Take(draft, token);
    }

    /// <summary>Removes a token; what it was spent on stays.</summary>
    public static void Revoke(BookDraft draft, RevokeToken revoke)
    {
        if (!draft.State.Tokens.TryGetValue(revoke.Id, out var token))
        {
            draft.Refuse(RefusalReason.NotFound, Subject(revoke.Id), $"Token '{revoke.Id}' is not in the book. `edge token ls` names those that are.");
            return;
        }
        draft.State = draft.State with { Tokens = draft.State.Tokens.Remove(revoke.Id) };
        draft.Audit("revoke", Subject(revoke.Id), token.Name);
    }

    /// <summary>Subject of a token in refusals and the audit log.</summary>
    public static string Subject(string id) => $"Token/{id}";

    // The issuer says how long a token is good; when that began is what the leader's clock says, which judges it later.
    private static TokenRecord ByLeadersClock(TokenRecord token, long now)
    {
        var kept = token.Clone();
        if (now == 0 || token.CreatedUs == 0) return kept;
        kept.CreatedUs = now;
        if (token.ExpiresUs != 0) kept.ExpiresUs = now + (token.ExpiresUs - token.CreatedUs);
        return kept;
    }

    private static void Take(BookDraft draft, TokenRecord token)
    {
        var kept = draft.TimeUs - (long)BookLimits.ExpiredTokens.TotalMicroseconds;
        var swept = draft.State.Tokens.Values.Where(old => old.ExpiresUs != 0 && old.ExpiresUs < kept).Select(old => old.Id).ToList();
        draft.State = draft.State with { Tokens = draft.State.Tokens.RemoveRange(swept).SetItem(token.Id, ByLeadersClock(token, draft.TimeUs)) };
        draft.Audit("issue", Subject(token.Id), token.Purpose == TokenPurpose.Node ? "for a node" : $"{token.Role} for {token.Name}{(token.Tenant.Length == 0 ? "" : $" in tenant {token.Tenant}")}");
    }
}
