using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>Commands about the keys that tenants trust for modules.</summary>
internal static class KeyCommands
{
    /// <summary>Trusts a key, or revokes it. A revoked key stays, so that what was signed with it is refused with its name, and never becomes trusted again under that name.</summary>
    public static void Change(BookDraft draft, ChangeKey change)
    {
        var key = change.Key;
        if (key is null || key.Name.Length == 0 || key.PublicKey.IsEmpty)
        {
            draft.Refuse(RefusalReason.Invalid, "Key", "A key needs a name and the public key.");
            return;
        }
        var subject = key.Tenant.Length == 0 ? $"Key/{key.Name}" : $"Key/{key.Tenant}/{key.Name}";
        if (!ResourceCommands.HasTenant(draft.State, key.Tenant))
            draft.Refuse(RefusalReason.NotFound, subject, $"Tenant '{key.Tenant}' is not declared. Apply a Tenant '{key.Tenant}' first.");
        if (draft.State.Keys.TryGetValue((key.Tenant, key.Name), out var known))
        {
            if (known.Equals(key))
                return;
            if (known.PublicKey != key.PublicKey)
                draft.Refuse(RefusalReason.NameTaken, subject, $"The name '{key.Name}' belongs to another key. Trust the new key under another name, then revoke this one.");
            else if (known.Revoked)
                draft.Refuse(RefusalReason.Invalid, subject, $"Key '{key.Name}' was revoked, and a revoked key is not trusted again. Make a new key.");
        }
        if (draft.IsRefused)
            return;
        draft.State = draft.State with { Keys = draft.State.Keys.SetItem((key.Tenant, key.Name), key.Clone()) };
        draft.Audit(key.Revoked ? "revoke" : "trust", subject);
    }
}
