using System.Globalization;
using System.Text.Json;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Spelling;
using Edge.Node.Admin.Watch;
using Edge.Node.Configuration.Book;
using Edge.Node.Configuration.Manifests;

namespace Edge.Node.Admin.Routes;

/// <summary>Reading, watching and deleting declared resources.</summary>
internal static class ResourceRoutes
{
    /// <summary>A kind of manifest by its name as written, in any case; null after the call was answered with 404.</summary>
    public static async Task<string?> KindAsync(ApiCall call, string asked)
    {
        string[] kinds = [.. ManifestKind.All.Select(kind => kind.Name)];
        if (kinds.FirstOrDefault(kind => kind.Equals(asked, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        await call.ErrorAsync(StatusCodes.Status404NotFound, "not_found", $"There is no kind '{asked}'. Kinds: {string.Join(", ", kinds)}.{NearestName.Hint(asked, kinds)}");
        return null;
    }

    /// <summary>GET /api/v1/resources.</summary>
    public static async Task ListAsync(ApiCall call)
    {
        string? kind = null;
        if (call.Query("kind") is { Length: > 0 } asked && (kind = await KindAsync(call, asked)) is null) return;
        var tenant = call.Query("tenant");
        bool Wanted(ResourceId id) => (kind is null || id.Kind == kind) && (tenant.Length == 0 || TenantOf(id) == tenant) && call.Caller.May(Role.Viewer, TenantOf(id));
        if (call.Asks("watch"))
        {
            await ResourceWatcher.RunAsync(call, Wanted);
            return;
        }
        var state = await call.ReadAsync();
        await call.OkAsync(new ResourceListView(state.Index, [.. Sorted(state).Where(resource => Wanted(ResourceId.Of(resource))).Select(View)]), ApiJson.Default.ResourceListView);
    }

    /// <summary>GET /api/v1/resources/{kind}/{tenant}/{name}.</summary>
    public static async Task GetAsync(ApiCall call)
    {
        if (await IdAsync(call) is not { } id) return;
        if (call.Asks("watch"))
        {
            await ResourceWatcher.RunAsync(call, one => one == id);
            return;
        }
        var state = await call.ReadAsync();
        if (!state.Resources.TryGetValue(id, out var resource))
        {
            await NotFoundAsync(call, id, state);
            return;
        }
        var tag = $"\"{resource.Version.ToString(CultureInfo.InvariantCulture)}\"";
        call.Http.Response.Headers.ETag = tag;
        if (call.Http.Request.Headers.IfNoneMatch == tag) call.Http.Response.StatusCode = StatusCodes.Status304NotModified;
        else await call.OkAsync(View(resource), ApiJson.Default.ResourceView);
    }

    /// <summary>DELETE /api/v1/resources/{kind}/{tenant}/{name}.</summary>
    public static async Task DeleteAsync(ApiCall call)
    {
        if (await IdAsync(call) is not { } id) return;
        if (id.Kind == ManifestKind.Tenant.Name && !call.Caller.May(Role.Admin, ""))
        {
            await call.ErrorAsync(StatusCodes.Status403Forbidden, "forbidden", $"{call.Caller} may not delete a Tenant. Needed: admin of all tenants.");
            return;
        }
        ulong expected = 0;
        if (call.Http.Request.Headers.IfMatch.ToString() is { Length: > 0 } match && !ulong.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out expected))
        {
            await call.ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", $"If-Match is '{match}'; allowed: a resource version such as \"42\".");
            return;
        }
        var state = await call.Site.Book.ReadAsync(call.Aborted);
        if (!state.Resources.ContainsKey(id))
        {
            await NotFoundAsync(call, id, state);
            return;
        }
        if (ApplyPlan.OfDelete(state, [id]) is { Count: > 0 } broken)
        {
            await call.ErrorAsync(StatusCodes.Status409Conflict, "in_use", $"{id} is in use. Without it: {string.Join(" ", broken.Take(5).Select(finding => finding.Message))}");
            return;
        }
        var outcome = await call.AppendAsync(command => command.DeleteResources = new DeleteResources
        {
            Keys = { new ResourceKey { Kind = id.Kind, Tenant = id.Tenant, Name = id.Name, ExpectedVersion = expected } },
        });
        if (outcome.Refusals.Count > 0) await call.RefusalsAsync(outcome);
        else await call.OkAsync(new DeletedView(outcome.Index, id.ToString()), ApiJson.Default.DeletedView);
    }

    /// <summary>The tenant that a resource is of; a Tenant is its own.</summary>
    public static string TenantOf(ResourceId id) => id.Kind == ManifestKind.Tenant.Name ? id.Name : id.Tenant;

    /// <summary>A resource as the API shows it.</summary>
    public static ResourceView View(Resource resource)
    {
        using var document = JsonDocument.Parse(resource.Document.Memory);
        return new(resource.Kind, resource.Tenant, resource.Name, resource.Version, resource.CreatedIndex, resource.Digest.Length > 0 ? $"sha256:{resource.Digest}" : null, document.RootElement.Clone());
    }

    /// <summary>All resources in a fixed order.</summary>
    public static IEnumerable<Resource> Sorted(BookState state) => state.Resources.Values
        .OrderBy(resource => resource.Kind, StringComparer.Ordinal).ThenBy(resource => resource.Tenant, StringComparer.Ordinal).ThenBy(resource => resource.Name, StringComparer.Ordinal);

    private static async Task<ResourceId?> IdAsync(ApiCall call)
    {
        if (await KindAsync(call, call.Path("kind")) is not { } kind) return null;
        var (tenant, isTenant) = (call.Path("tenant"), kind == ManifestKind.Tenant.Name);
        if (isTenant == (tenant == "-")) return new(kind, isTenant ? "" : tenant, call.Path("name"));
        await call.ErrorAsync(StatusCodes.Status404NotFound, "not_found",
            isTenant ? $"A Tenant belongs to no tenant. Ask for /api/v1/resources/Tenant/-/{call.Path("name")}." : $"A {kind} belongs to a tenant; '-' is none. Name it, such as /api/v1/resources/{kind}/default/{call.Path("name")}.");
        return null;
    }

    private static Task NotFoundAsync(ApiCall call, ResourceId id, BookState state)
    {
        string[] known = [.. state.Resources.Keys.Where(other => other.Kind == id.Kind && other.Tenant == id.Tenant && call.Caller.May(Role.Viewer, TenantOf(other))).Select(other => other.Name).Order(StringComparer.Ordinal)];
        return call.ErrorAsync(StatusCodes.Status404NotFound, "not_found",
            $"There is no {id.Kind} '{id.Name}'{(id.Tenant.Length > 0 ? $" of tenant '{id.Tenant}'" : "")}. There are: {Configuration.Quote.List(known)}.{NearestName.Hint(id.Name, known)}");
    }
}
