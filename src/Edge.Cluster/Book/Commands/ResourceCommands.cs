using Edge.Messages.Book;
using Edge.Messages.Tenants;

namespace Edge.Cluster.Book.Commands;

/// <summary>Commands about declared resources. All edits of a command happen, or none; every refusal of it is told at once.</summary>
internal static class ResourceCommands
{
    private const string TenantKind = "Tenant";

    /// <summary>Creates and changes resources. One whose document is already there word for word keeps its version.</summary>
    public static void Apply(BookDraft draft, ApplyResources apply)
    {
        var before = draft.State;
        var resources = before.Resources.ToBuilder();
        var seen = new HashSet<ResourceId>();
        foreach (var edit in apply.Edits)
        {
            if (edit.Resource is null || edit.Resource.Kind.Length == 0 || edit.Resource.Name.Length == 0 || (edit.Resource.Kind == TenantKind && edit.Resource.Tenant.Length > 0))
            {
                draft.Refuse(RefusalReason.Invalid, edit.Resource is null ? "Resource" : ResourceId.Of(edit.Resource).ToString(), "A resource needs a kind and a name, and a Tenant belongs to no tenant.");
                continue;
            }
            var id = ResourceId.Of(edit.Resource);
            var found = before.Resources.GetValueOrDefault(id);
            if (!seen.Add(id))
                draft.Refuse(RefusalReason.Invalid, id.ToString(), $"'{id}' is twice in one command. Apply it once.");
            else if (edit.CreateOnly && found is not null)
                draft.Refuse(RefusalReason.NameTaken, id.ToString(), $"'{id}' exists already, at version {found.Version}. Apply it without asking for a new one, or choose another name.", 0, found.Version);
            else if (!IsExpected(draft, id, edit.ExpectedVersion, found))
                continue;
            else if (found is null || found.Document != edit.Resource.Document || found.Digest != edit.Resource.Digest)
                resources[id] = Changed(draft, edit.Resource, found);
        }
        draft.State = before with { Resources = resources.ToImmutable() };
        foreach (var id in seen.Where(id => !HasTenant(draft.State, id.Tenant)))
            draft.Refuse(RefusalReason.NotFound, id.ToString(), $"'{id}' belongs to tenant '{id.Tenant}', which is not declared. Apply a Tenant '{id.Tenant}' before it or with it.");
    }

    /// <summary>Deletes resources. A tenant goes only when nothing of it is left but the keys it trusted, which go with it.</summary>
    public static void Delete(BookDraft draft, DeleteResources delete)
    {
        var before = draft.State;
        var resources = before.Resources.ToBuilder();
        var tenants = new List<ResourceId>();
        foreach (var key in delete.Keys)
        {
            var id = new ResourceId(key.Kind, key.Tenant, key.Name);
            if (!resources.TryGetValue(id, out var found))
            {
                draft.Refuse(RefusalReason.NotFound, id.ToString(), $"'{id}' is not in the book. `edge get {id.Kind}` names those that are.");
                continue;
            }
            if (!IsExpected(draft, id, key.ExpectedVersion, found))
                continue;
            resources.Remove(id);
            if (id.Kind == TenantKind)
                tenants.Add(id);
            draft.Audit("delete", id.ToString(), $"version {found.Version}");
        }
        draft.State = before with { Resources = resources.ToImmutable() };
        foreach (var tenant in tenants)
            LeaveTenant(draft, tenant);
    }

    /// <summary>Whether resources may belong to a tenant: it is declared, or every site has it.</summary>
    public static bool HasTenant(BookState state, string tenant) =>
        tenant.Length == 0 || tenant == TenantName.Default.Value || state.Resources.ContainsKey(new ResourceId(TenantKind, "", tenant));

    private static bool IsExpected(BookDraft draft, ResourceId id, ulong expected, Resource? found)
    {
        if (expected == 0 || expected == found?.Version)
            return true;
        draft.Refuse(RefusalReason.Conflict, id.ToString(), found is null
            ? $"'{id}' was read at version {expected} and is deleted since. Read again, and apply it as a new one if it is still wanted."
            : $"'{id}' was read at version {expected} and is at version {found.Version} now: somebody changed it in between. Read it again and repeat the edit.", expected, found?.Version ?? 0);
        return false;
    }

    private static Resource Changed(BookDraft draft, Resource wanted, Resource? found)
    {
        var next = wanted.Clone();
        next.Version = draft.Index;
        next.CreatedIndex = found?.CreatedIndex ?? draft.Index;
        draft.Audit("apply", ResourceId.Of(wanted).ToString(), found is null ? "new" : $"version {found.Version} to {draft.Index}");
        return next;
    }

    private static void LeaveTenant(BookDraft draft, ResourceId id)
    {
        List<string> uses = [.. draft.State.Resources.Keys.Where(other => other.Tenant == id.Name).Select(other => other.ToString()).Order(StringComparer.Ordinal)];
        uses.AddRange(draft.State.Tokens.Values.Where(token => token.Tenant == id.Name).Select(token => TokenCommands.Subject(token.Id)).Order(StringComparer.Ordinal));
        if (uses.Count > 0)
            draft.Refuse(RefusalReason.InUse, id.ToString(), $"Tenant '{id.Name}' still has {string.Join(", ", uses.Take(5))}{(uses.Count > 5 ? $" and {uses.Count - 5} more" : "")}. Delete or revoke them first, or in the same command.");
        else
            draft.State = draft.State with { Keys = draft.State.Keys.RemoveRange(draft.State.Keys.Keys.Where(key => key.Tenant == id.Name).ToList()) };
    }
}
