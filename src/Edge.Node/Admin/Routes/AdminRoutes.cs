using Edge.Messages.Book;
using Edge.Node.Admin.Access;
using Edge.Node.Storage;

namespace Edge.Node.Admin.Routes;

/// <summary>Every route of the admin server, with who may use it. Nothing else is served.</summary>
internal static class AdminRoutes
{
    private static readonly RouteAccess Reads = new(Role.Viewer, RouteScope.Some);
    private static readonly RouteAccess ReadsTenant = new(Role.Viewer, RouteScope.Tenant);
    private static readonly RouteAccess ReadsHere = new(Role.Viewer, RouteScope.Site, OpenOnLoopback: true);
    private static readonly RouteAccess Writes = new(Role.Operator, RouteScope.Some);
    private static readonly RouteAccess WritesTenant = new(Role.Operator, RouteScope.Tenant);
    private static readonly RouteAccess OperatesSite = new(Role.Operator, RouteScope.Site);
    private static readonly RouteAccess RulesSite = new(Role.Admin, RouteScope.Site);
    private static readonly RouteAccess Rules = new(Role.Admin, RouteScope.Some);

    private static readonly (string, string) Stale = ("stale", "ok: what this node has, without asking the others; the answer's index says how far that is.");
    private static readonly (string, string) Watch = ("watch", "true: server-sent events instead, until the client goes.");
    private static readonly (string, string) After = ("after", "Where a watch goes on: the id of the last event seen (or the header Last-Event-ID).");
    private static readonly (string, string) OfTenant = ("tenant", "Only of this tenant.");

    /// <summary>Served by others.</summary>
    public static AdminRoute Metrics { get; } = new("GET", "/metrics", ReadsHere, "The node's metrics, for Prometheus.", null);

    /// <summary>The table.</summary>
    public static IReadOnlyList<AdminRoute> All { get; } =
    [
        new("GET", "/healthz", RouteAccess.Open, "Whether the node can keep what it is given.", null),
        new("GET", "/readyz", RouteAccess.Open, "Whether the node does its job, and what is wrong.", null),
        Metrics,
        new("GET", "/schema/edge-v1.json", RouteAccess.Open, "The JSON Schema of manifests.", null),
        new("GET", "/openapi/v1.json", RouteAccess.Open, "This API as an OpenAPI document.", null),
        new("GET", "/api/v1/authority", RouteAccess.Open, "The site CA's certificate (PEM), which people know by its fingerprint; not with plain HTTP.", null),
        new("GET", "/api/v1/status", ReadsHere, "This node and everything that runs on it.", null),
        new("GET", "/api/v1/resources", Reads, "Declared resources.", ResourceRoutes.ListAsync) { Query = Of(("kind", "Only of this kind, in any case."), OfTenant, Stale, Watch, After) },
        new("GET", "/api/v1/resources/{kind}/{tenant}/{name}", ReadsTenant, "One resource; ETag is its version. The tenant of a Tenant is '-'.", ResourceRoutes.GetAsync) { Query = Of(Stale, Watch, After) },
        new("DELETE", "/api/v1/resources/{kind}/{tenant}/{name}", WritesTenant, "Deletes a resource that nothing else names; If-Match states the version that is meant. A Tenant: admin of all tenants.", ResourceRoutes.DeleteAsync),
        new("POST", "/api/v1/apply", Writes, "Checks manifests together with all that is there and writes those that differ, all or none. A Tenant: admin of all tenants.", ApplyRoutes.ApplyAsync) { Body = nameof(ApplyView), BodyMax = ApplyRoutes.BodyMax },
        new("POST", "/api/v1/validate", Reads, "Checks manifests together with all that is there.", ApplyRoutes.ValidateAsync) { Body = nameof(ApplyView), BodyMax = ApplyRoutes.BodyMax, Query = Of(Stale) },
        new("POST", "/api/v1/diff", Reads, "Compares manifests with what is there, field by field.", ApplyRoutes.DiffAsync) { Body = nameof(ApplyView), BodyMax = ApplyRoutes.BodyMax, Query = Of(Stale) },
        new("GET", "/api/v1/modules/{sha256}", Reads, "Whether this node has the bytes of a module.", ModuleRoutes.GetAsync),
        new("PUT", "/api/v1/modules/{sha256}", Writes, "Takes the bytes of a module, before the Module that names them is applied.", ModuleRoutes.PutAsync) { Body = "bytes", BodyMax = ModuleBlobs.BytesMax },
        new("GET", "/api/v1/nodes", Reads, "The site's nodes.", NodeRoutes.ListAsync) { Query = Of(Stale, Watch) },
        new("GET", "/api/v1/nodes/{name}", Reads, "One node.", NodeRoutes.GetAsync) { Query = Of(Stale, Watch) },
        new("POST", "/api/v1/nodes/{name}/cordon", OperatesSite, "Nothing new is placed on the node; what is there stays.", NodeRoutes.CordonAsync) { Body = nameof(ReasonView) },
        new("POST", "/api/v1/nodes/{name}/uncordon", OperatesSite, "Ends a cordon or a drain.", NodeRoutes.UncordonAsync),
        new("POST", "/api/v1/nodes/{name}/drain", OperatesSite, "Moves everything away from the node, one by one.", NodeRoutes.DrainAsync) { Body = nameof(ReasonView) },
        new("DELETE", "/api/v1/nodes/{name}", RulesSite, "Removes a node from the site: its certificate is refused from then on.", NodeRoutes.RemoveAsync),
        new("GET", "/api/v1/placements", Reads, "Where each actor runs.", PlacementRoutes.ListAsync) { Query = Of(("node", "Only on this node."), OfTenant, Stale, Watch) },
        new("GET", "/api/v1/tokens", Rules, "Tokens, without their secrets.", TokenRoutes.ListAsync) { Query = Of(Stale) },
        new("POST", "/api/v1/tokens", Rules, "Makes a token for a person (a tenant's admin: of that tenant), or for a node that is to join (admin of all tenants). Its text is in this answer only.", TokenRoutes.CreateAsync) { Body = nameof(NewTokenView) },
        new("DELETE", "/api/v1/tokens/{id}", Rules, "Revokes a token.", TokenRoutes.RevokeAsync),
        new("GET", "/api/v1/site/backup", RulesSite, "The whole book as one checksummed file: what 'edge site backup' keeps. No keys, no module bytes; tokens are hashed.", BackupRoutes.GetAsync) { Query = Of(Stale) },
        new("GET", "/api/v1/audit", Writes, "Who changed what.", AuditRoutes.ListAsync) { Query = Of(("limit", "How many of the newest entries. Default 100."), Stale) },
    ];

    private static Dictionary<string, string> Of(params (string Name, string Meaning)[] query) => query.ToDictionary(one => one.Name, one => one.Meaning);
}
