using Edge.Messages.Book;

namespace Edge.Node.Admin.Access;

/// <summary>Where a role must be held to use a route.</summary>
internal enum RouteScope
{
    /// <summary>For the site as a whole: a token of one tenant is not enough.</summary>
    Site,

    /// <summary>For the tenant in the route's path.</summary>
    Tenant,

    /// <summary>For any tenant; the answer holds, and the request may touch, only what the caller's role covers.</summary>
    Some,
}

/// <summary>Who may use a route.</summary>
/// <param name="Least">Least role; unspecified: anybody, without credentials.</param>
/// <param name="Scope">Where the role must be held.</param>
/// <param name="OpenOnLoopback">Whether a process on this machine may use it without credentials: it tells how the node does, and changes nothing.</param>
internal sealed record RouteAccess(Role Least, RouteScope Scope, bool OpenOnLoopback = false)
{
    /// <summary>Anybody.</summary>
    public static RouteAccess Open { get; } = new(Role.Unspecified, RouteScope.Some);

    /// <summary>As documents say it: <c>operator of the tenant</c>.</summary>
    public override string ToString() => Least == Role.Unspecified ? "anybody" : $"{Caller.RoleName(Least)} of {Scope switch
    {
        RouteScope.Site => "all tenants",
        RouteScope.Tenant => "the tenant",
        _ => "a tenant",
    }}{(OpenOnLoopback ? ", or anybody on loopback" : "")}";
}
