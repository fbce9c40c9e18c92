using System.Net;
using Edge.Messages.Book;

namespace Edge.Node.Tests.Admin;

/// <summary>Nodes, placements, tokens and the audit log.</summary>
public sealed class SiteRoutesTests
{
    [Fact]
    public async Task Nodes_are_shown_with_what_the_book_and_the_leader_know()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (_, list) = await fixture.GetAsync("api/v1/nodes");
        var (here, there) = (list.GetProperty("items")[0], list.GetProperty("items")[1]);
        Assert.Equal(("leader", "ready", 900.0, -12.0), (here.GetProperty("role").GetString(), here.GetProperty("state").GetString(), here.GetProperty("lease_ms").GetDouble(), here.GetProperty("clock_offset_ms").GetDouble()));
        Assert.Equal(("follower", "m2", "1.5"), (there.GetProperty("role").GetString(), there.GetProperty("member").GetString(), there.GetProperty("epoch").GetString()));
        Assert.False(there.TryGetProperty("lease_ms", out _));
        var (code, missing) = await fixture.GetAsync("api/v1/nodes/pi-3");
        Assert.Equal(HttpStatusCode.NotFound, code);
        Assert.Contains("Did you mean", missing.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_is_cordoned_drained_uncordoned_and_removed_and_the_audit_log_says_by_whom()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var client = fixture.As(Role.Admin, name: "mira");
        NodeRecord Node() => fixture.Book.Current.Nodes[AdminFixture.OtherNode];
        await AdminFixture.SendAsync(client, HttpMethod.Post, "api/v1/nodes/pi-2/cordon");
        Assert.Equal(("by mira", false), (Node().Cordoned, Node().Draining));
        await AdminFixture.SendAsync(client, HttpMethod.Post, "api/v1/nodes/pi-2/drain", new { reason = "new disk" });
        Assert.Equal(("new disk", true), (Node().Cordoned, Node().Draining));
        await AdminFixture.SendAsync(client, HttpMethod.Post, "api/v1/nodes/pi-2/uncordon");
        Assert.Equal((false, false), (Node().HasCordoned, Node().Draining));
        await AdminFixture.SendAsync(client, HttpMethod.Delete, "api/v1/nodes/pi-2");
        Assert.False(fixture.Book.Current.Nodes.ContainsKey("pi-2"));
        var (_, audit) = await fixture.GetAsync("api/v1/audit?limit=4");
        Assert.Equal(["mira cordon", "mira drain", "mira uncordon", "mira remove"], audit.GetProperty("items").EnumerateArray().Select(entry => $"{entry.GetProperty("who").GetString()} {entry.GetProperty("verb").GetString()}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.GetAsync("api/v1/audit?limit=0")).Code);
    }

    [Fact]
    public async Task Placements_are_shown_by_node_and_to_their_tenant_only()
    {
        await using var fixture = await AdminFixture.StartAsync();
        fixture.Book.Must(new BookCommand
        {
            Who = "site",
            PlaceActors = new PlaceActors
            {
                Edits =
                {
                    new PlacementEdit { Placement = new Placement { Kind = "channel", Identity = "acme/heart", Node = "pi-1", Member = "m1", Standby = "pi-2" } },
                    new PlacementEdit { Placement = new Placement { Kind = "channel", Identity = "default/boiler", Node = "pi-2", Member = "m2" } },
                },
            },
        });
        var placed = fixture.Book.Current.Index;
        var (_, here) = await fixture.GetAsync("api/v1/placements?node=pi-1");
        var (_, acme) = await AdminFixture.SendAsync(fixture.As(Role.Viewer, "acme"), HttpMethod.Get, "api/v1/placements");
        foreach (var body in new[] { here, acme })
            Assert.Equal("acme/heart", Assert.Single(body.GetProperty("items").EnumerateArray().ToArray()).GetProperty("identity").GetString());
        Assert.Equal($"1.{placed}", here.GetProperty("items")[0].GetProperty("epoch").GetString());
    }

    [Fact]
    public async Task A_token_is_shown_once_and_works_until_it_is_revoked()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (code, issued) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/tokens", new { role = "operator", tenant = "acme", name = "ops" });
        Assert.Equal(HttpStatusCode.Created, code);
        var client = fixture.Client(issued.GetProperty("token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(client, HttpMethod.Get, "api/v1/resources")).Code);
        var id = issued.GetProperty("about").GetProperty("id").GetString();
        var (_, list) = await fixture.GetAsync("api/v1/tokens");
        Assert.Contains(list.GetProperty("items").EnumerateArray(), token => token.GetProperty("id").GetString() == id && token.GetProperty("role").GetString() == "operator");
        Assert.DoesNotContain(issued.GetProperty("token").GetString()!, list.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AdminFixture.SendAsync(fixture.Http, HttpMethod.Delete, $"api/v1/tokens/{id}")).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AdminFixture.SendAsync(client, HttpMethod.Get, "api/v1/resources")).Code);
    }

    [Theory]
    [InlineData("role", "oprator", "Did you mean 'operator'?")]
    [InlineData("purpose", "nod", "allowed: node, person.")]
    [InlineData("name", "local", "which the audit log uses")]
    [InlineData("tenant", "Acme Inc", "allowed: the name of a tenant")]
    public async Task A_token_that_cannot_be_is_refused_in_words(string field, string value, string words)
    {
        await using var fixture = await AdminFixture.StartAsync();
        var request = new Dictionary<string, string> { ["role"] = "viewer", [field] = value };
        var (code, body) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/tokens", request);
        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_comes_twice_under_one_id_is_carried_out_once()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var id = ("Edge-Request-Id", new string('7', 32));
        var (_, first) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/nodes/pi-2/cordon", null, id);
        var (_, second) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/nodes/pi-2/cordon", null, id);
        Assert.Equal(first.GetProperty("index").GetUInt64(), second.GetProperty("index").GetUInt64());
    }
}
