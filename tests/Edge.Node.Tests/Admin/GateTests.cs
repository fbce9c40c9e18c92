using System.Net;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Node.Admin.Routes;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Node.Tests.Admin;

/// <summary>Who may do what: every route with every role, and what wrong credentials get.</summary>
public sealed class GateTests
{
    // Written out by hand, so that a change of the table of routes must be meant. Least role, and where it must be held: of the site, of the path's tenant, of some tenant.
    private static readonly Dictionary<string, (Role Least, string Where)> Expected = new()
    {
        ["GET /healthz"] = (Role.Unspecified, "open"),
        ["GET /readyz"] = (Role.Unspecified, "open"),
        ["GET /schema/edge-v1.json"] = (Role.Unspecified, "open"),
        ["GET /openapi/v1.json"] = (Role.Unspecified, "open"),
        ["GET /api/v1/authority"] = (Role.Unspecified, "open"),
        ["GET /metrics"] = (Role.Viewer, "site, open on loopback"),
        ["GET /api/v1/status"] = (Role.Viewer, "site, open on loopback"),
        ["GET /api/v1/resources"] = (Role.Viewer, "some"),
        ["GET /api/v1/resources/{kind}/{tenant}/{name}"] = (Role.Viewer, "tenant"),
        ["DELETE /api/v1/resources/{kind}/{tenant}/{name}"] = (Role.Operator, "tenant"),
        ["POST /api/v1/apply"] = (Role.Operator, "some"),
        ["POST /api/v1/validate"] = (Role.Viewer, "some"),
        ["POST /api/v1/diff"] = (Role.Viewer, "some"),
        ["GET /api/v1/modules/{sha256}"] = (Role.Viewer, "some"),
        ["PUT /api/v1/modules/{sha256}"] = (Role.Operator, "some"),
        ["GET /api/v1/nodes"] = (Role.Viewer, "some"),
        ["GET /api/v1/nodes/{name}"] = (Role.Viewer, "some"),
        ["POST /api/v1/nodes/{name}/cordon"] = (Role.Operator, "site"),
        ["POST /api/v1/nodes/{name}/uncordon"] = (Role.Operator, "site"),
        ["POST /api/v1/nodes/{name}/drain"] = (Role.Operator, "site"),
        ["DELETE /api/v1/nodes/{name}"] = (Role.Admin, "site"),
        ["GET /api/v1/placements"] = (Role.Viewer, "some"),
        ["GET /api/v1/tokens"] = (Role.Admin, "some"),
        ["POST /api/v1/tokens"] = (Role.Admin, "some"),
        ["DELETE /api/v1/tokens/{id}"] = (Role.Admin, "some"),
        ["GET /api/v1/site/backup"] = (Role.Admin, "site"),
        ["GET /api/v1/audit"] = (Role.Operator, "some"),
    };

    [Fact]
    public async Task Every_route_lets_in_whom_it_should_and_nobody_else()
    {
        await using var fixture = await AdminFixture.StartAsync();
        Assert.Equal(Expected.Keys.Order(), AdminRoutes.All.Select(route => $"{route.Method} {route.Path}").Order());
        Role[] roles = [Role.Viewer, Role.Operator, Role.Admin];
        var callers = roles.SelectMany(role => new[] { (role, Tenant: ""), (role, Tenant: "acme"), (role, Tenant: "other") }).Select(caller => (caller.role, caller.Tenant, Client: ClientOf(fixture, caller.role, caller.Tenant)))
            .Append((Role.Unspecified, "", fixture.Client(null))).ToList();
        List<string> wrong = [];
        foreach (var (route, (least, where)) in Expected)
        {
            foreach (var (role, tenant, client) in callers)
            {
                var code = await AskAsync(client, route);
                var open = least == Role.Unspecified || (role == Role.Unspecified && where.Contains("open", StringComparison.Ordinal));
                var may = open || (role >= least && (tenant.Length == 0 || where == "some" || (where == "tenant" && tenant == "acme")));
                var right = role == Role.Unspecified && !may ? code == HttpStatusCode.Unauthorized : may ? code is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) : code == HttpStatusCode.Forbidden;
                if (!right) wrong.Add($"{route} as {role} of '{tenant}': {(int)code}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Wrong_tokens_are_refused_in_words_and_throttled_while_a_right_one_goes_on_working()
    {
        await using var fixture = await AdminFixture.StartAsync(new FakeTimeProvider());
        var wrong = fixture.Client(PersonToken.New().Text());
        for (var i = 0; i < 10; i++)
        {
            var (code, body) = await AdminFixture.SendAsync(wrong, HttpMethod.Get, "api/v1/nodes");
            Assert.Equal(HttpStatusCode.Unauthorized, code);
            Assert.Equal("unauthorized", body.GetProperty("error").GetString());
        }
        var (last, message) = await AdminFixture.SendAsync(wrong, HttpMethod.Get, "api/v1/nodes");
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Contains("127.0.0.1", message.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(fixture.As(Role.Viewer), HttpMethod.Get, "api/v1/nodes")).Code);
    }

    [Fact]
    public async Task A_token_ends_when_it_expires_or_is_revoked()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var fixture = await AdminFixture.StartAsync(time);
        var token = fixture.Token(Role.Viewer, expiresUs: (time.GetUtcNow().AddHours(1) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        var client = fixture.Client(token.Text());
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(client, HttpMethod.Get, "api/v1/nodes")).Code);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AdminFixture.SendAsync(client, HttpMethod.Get, "api/v1/nodes")).Code);

        var other = fixture.Token(Role.Viewer);
        var revoked = fixture.Client(other.Text());
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(fixture.Http, HttpMethod.Delete, $"api/v1/tokens/{other.Id}")).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AdminFixture.SendAsync(revoked, HttpMethod.Get, "api/v1/nodes")).Code);
    }

    [Fact]
    public async Task A_nodes_token_is_no_persons_and_a_node_without_a_book_lets_nobody_in()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (_, issued) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/tokens", new { purpose = "node" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await AdminFixture.SendAsync(fixture.Client(issued.GetProperty("token").GetString()), HttpMethod.Get, "api/v1/nodes")).Code);

        fixture.Site = null;
        var (code, body) = await fixture.GetAsync("api/v1/nodes");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        Assert.Equal("starting", body.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(fixture.Client(null), HttpMethod.Get, "api/v1/status")).Code);
    }

    [Fact]
    public async Task Who_has_one_tenant_sees_only_it()
    {
        await using var fixture = await AdminFixture.StartAsync();
        await fixture.ApplyAsync("apiVersion: edge/v1\nkind: Tenant\nmetadata: {name: other}");
        var acme = fixture.As(Role.Admin, "acme");
        var (_, list) = await AdminFixture.SendAsync(acme, HttpMethod.Get, "api/v1/resources");
        Assert.Equal(["acme"], list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(acme, HttpMethod.Get, "api/v1/resources/tenant/-/acme")).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await AdminFixture.SendAsync(acme, HttpMethod.Get, "api/v1/resources/tenant/-/other")).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await AdminFixture.SendAsync(acme, HttpMethod.Delete, "api/v1/resources/Tenant/-/acme")).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.ApplyAsync("apiVersion: edge/v1\nkind: Tenant\nmetadata: {name: acme}\nspec: {capabilities: [random]}", acme)).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await AdminFixture.SendAsync(acme, HttpMethod.Post, "api/v1/tokens", new { role = "viewer" })).Code);
        Assert.Equal(HttpStatusCode.Created, (await AdminFixture.SendAsync(acme, HttpMethod.Post, "api/v1/tokens", new { role = "viewer", tenant = "acme" })).Code);
    }

    [Fact]
    public async Task Unknown_pages_and_methods_are_said_to_be_so()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (code, body) = await fixture.GetAsync("api/v1/resorces");
        Assert.Equal(HttpStatusCode.NotFound, code);
        Assert.Contains("/openapi/v1.json", body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/placements")).Code);
    }

    private static HttpClient ClientOf(AdminFixture fixture, Role role, string tenant) => fixture.As(role, tenant);

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string route)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        path = path.Replace("{kind}", "Channel", StringComparison.Ordinal).Replace("{tenant}", "acme", StringComparison.Ordinal).Replace("{name}", "nothing", StringComparison.Ordinal)
            .Replace("{sha256}", new string('0', 64), StringComparison.Ordinal).Replace("{id}", "nothing", StringComparison.Ordinal);
        return (await AdminFixture.SendAsync(client, new HttpMethod(method), path[1..], method is "POST" ? new { } : null)).Code;
    }
}
