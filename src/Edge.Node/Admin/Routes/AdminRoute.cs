using Edge.Node.Admin.Access;

namespace Edge.Node.Admin.Routes;

/// <summary>One verb of the admin server. The table of them is what is served, what the OpenAPI document says, and what docs/api.md is compared with.</summary>
/// <param name="Method">GET, PUT, POST or DELETE.</param>
/// <param name="Path">Path with <c>{names}</c>.</param>
/// <param name="Access">Who may.</param>
/// <param name="Summary">What it does, one sentence.</param>
/// <param name="Handle">Does it; null for pages that need no site.</param>
internal sealed record AdminRoute(string Method, string Path, RouteAccess Access, string Summary, Func<ApiCall, Task>? Handle)
{
    /// <summary>Query parameters and what they do.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Most bytes of a request's body. Default 64 KiB.</summary>
    public long BodyMax { get; init; } = 64 << 10;

    /// <summary>What a request's body holds; null: none is read.</summary>
    public string? Body { get; init; }
}
