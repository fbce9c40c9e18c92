using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Edge.Cluster.Book;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Node.Admin.Routes;
using Microsoft.Net.Http.Headers;

namespace Edge.Node.Admin.Access;

/// <summary>
/// The one place where it is decided who may use a route: every request passes it, and a route without an entry in <see cref="AdminRoutes"/> is not served. Tokens are looked up in this node's copy of the book, so a revoked one works
/// here until the copy has caught up. Failed attempts are throttled; a right token is never held back.
/// </summary>
internal sealed partial class Gate(int failedAttemptsPerMinute, TimeProvider time, ILogger<Gate> log)
{
    private readonly FailedAttempts _failed = new(failedAttemptsPerMinute, time);

    /// <summary>The caller, or null after the request was answered with 401, 403, 429 or 503.</summary>
    public async Task<Caller?> AdmitAsync(HttpContext http, AdminRoute route, AdminSite? site)
    {
        if (route.Access.Least == Role.Unspecified) return Caller.Nobody;
        var remote = http.Connection.RemoteIpAddress ?? IPAddress.None;
        string? header = http.Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header) && route.Access.OpenOnLoopback && IPAddress.IsLoopback(remote)) return Caller.Nobody;
        if (site is null)
        {
            await ApiAnswer.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "starting", "The node has no book yet, so nobody can be let in. Ask again when /readyz says that it is ready.");
            return null;
        }
        if (string.IsNullOrEmpty(header))
            return await RefuseAsync(http, "No token was given. Send 'Authorization: Bearer TOKEN'; 'edge token create --role ROLE' makes one, and admin.token in the node's data folder is one for this machine.");
        var caller = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? Find(header["Bearer ".Length..].Trim(), IPAddress.IsLoopback(remote), site) : null;
        if (caller is null) return await FailAsync(http, remote);
        if (May(caller, route.Access, http.Request.RouteValues)) return caller;
        await ApiAnswer.ErrorAsync(http, StatusCodes.Status403Forbidden, "forbidden", $"{caller} may not {route.Method} {http.Request.Path}. Needed: {route.Access}.");
        return null;
    }

    /// <summary>Whether a caller that was let in would be let in again: its token may have been revoked since.</summary>
    public bool StillHolds(Caller caller, AdminSite site) =>
        caller.TokenId.Length == 0 || (site.Book.Current.Tokens.TryGetValue(caller.TokenId, out var token) && !IsOver(token));

    private static bool May(Caller caller, RouteAccess access, RouteValueDictionary values) => access.Scope switch
    {
        RouteScope.Site => caller.May(access.Least, ""),
        RouteScope.Tenant => caller.May(access.Least, TenantOf(values)),
        _ => caller.MaySomewhere(access.Least),
    };

    // A Tenant belongs to itself: its path has '-' where others have their tenant.
    private static string TenantOf(RouteValueDictionary values) => values["tenant"] is "-" ? (string)values["name"]! : (string)values["tenant"]!;

    private Caller? Find(string text, bool loopback, AdminSite site)
    {
        if (text.StartsWith(LocalToken.Prefix, StringComparison.Ordinal))
            return loopback && site.Local.Is(text) ? new("local", "", Role.Admin, "") : null;
        if (PersonToken.Parse(text) is not TokenParse<PersonToken>.Parsed { Token: var given } || site.Book.Current.Tokens.GetValueOrDefault(given.Id) is not { } token) return null;
        var right = CryptographicOperations.FixedTimeEquals(given.SecretHash, token.Hash.Span);
        return right && token.Purpose == TokenPurpose.Person && !IsOver(token) ? new(token.Name.Length > 0 ? token.Name : token.Id, token.Id, token.Role, token.Tenant) : null;
    }

    private bool IsOver(TokenRecord token) => token.ExpiresUs != 0 && token.ExpiresUs <= BookTime.Now(time);

    private async Task<Caller?> FailAsync(HttpContext http, IPAddress remote)
    {
        if (_failed.Add(remote) is not { } wait)
        {
            LogFailed(remote, http.Request.Method, http.Request.Path.Value ?? "");
            return await RefuseAsync(http, "The token is not one of this site: mistyped, revoked or expired. 'edge token ls' shows those that are; an admin can make another.");
        }
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await ApiAnswer.ErrorAsync(http, StatusCodes.Status429TooManyRequests, "too_many_attempts", $"Too many wrong tokens came from {remote}. Wait {Math.Ceiling(wait.TotalSeconds)} s, or use a right one.");
        return null;
    }

    private static async Task<Caller?> RefuseAsync(HttpContext http, string message)
    {
        http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"edge\"";
        await ApiAnswer.ErrorAsync(http, StatusCodes.Status401Unauthorized, "unauthorized", message);
        return null;
    }

    [LoggerMessage(6020, LogLevel.Warning, "Wrong token from {Remote} for {Method} {Path}")]
    private partial void LogFailed(IPAddress remote, string method, string path);
}
