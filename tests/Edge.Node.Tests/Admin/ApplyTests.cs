using System.Net;
using System.Text.Json;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Node.Tests.Admin;

/// <summary>Server-side apply: what differs is written, all or nothing, and a conflicting edit is told both versions.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task Apply_writes_what_differs_as_one_command_and_says_what_it_did()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var digest = await fixture.UploadAsync(SiteText.Wasm);
        var yaml = SiteText.Documents(SiteText.Module("mean", digest.ToString()), SiteText.Channel("heart", "mean"));
        var before = fixture.Book.Appended;

        var (code, body) = await fixture.ApplyAsync(yaml);
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal(["created", "created"], Outcomes(body));
        Assert.Equal(before + 1, fixture.Book.Appended);
        Assert.Equal(digest.Hex, fixture.Book.Current.Resources[new("Module", "acme", "mean")].Digest);

        Assert.Equal(["unchanged", "unchanged"], Outcomes((await fixture.ApplyAsync(yaml)).Body));
        Assert.Equal(before + 1, fixture.Book.Appended);

        var changed = yaml.Replace("topic: in/+", "topic: other/+", StringComparison.Ordinal);
        Assert.Equal(["unchanged", "changed"], Outcomes((await fixture.ApplyAsync(changed, more: new { dry_run = true })).Body));
        Assert.Equal(before + 1, fixture.Book.Appended);
        Assert.Equal(["unchanged", "changed"], Outcomes((await fixture.ApplyAsync(changed)).Body));
        Assert.Equal("local", fixture.Book.Current.Audit.Last().Who);
    }

    [Fact]
    public async Task Every_mistake_of_every_file_comes_back_with_its_place_and_nothing_is_written()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var before = fixture.Book.Current.Index;
        var (code, body) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/apply", new
        {
            files = new[] { new { name = "a.yaml", text = SiteText.Tenant("third") }, new { name = "b/heart.yaml", text = SiteText.Channel("heart", "nothing").Replace("kind: Channel", "kind: Chanel", StringComparison.Ordinal) }, new { name = "c.yaml", text = SiteText.Channel("heart", "nothing") } },
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal([("b/heart.yaml", 2), ("c.yaml", 6)], body.GetProperty("findings").EnumerateArray().Select(finding => (finding.GetProperty("file").GetString(), finding.GetProperty("line").GetInt32())));
        Assert.Contains("Did you mean 'Channel'?", body.GetProperty("findings")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, fixture.Book.Current.Index);
    }

    [Fact]
    public async Task A_conflicting_edit_is_told_both_versions()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var version = fixture.Book.Current.Resources[new("Tenant", "", "acme")].Version;
        var (_, first) = await fixture.ApplyAsync(SiteText.Tenant("acme", "log, random"), more: new { expected = new[] { new { kind = "Tenant", tenant = "", name = "acme", version } } });
        var (code, body) = await fixture.ApplyAsync(SiteText.Tenant("acme", "log, metric"), more: new { expected = new[] { new { kind = "Tenant", tenant = "", name = "acme", version } } });
        Assert.Equal(["changed"], Outcomes(first));
        Assert.Equal(HttpStatusCode.Conflict, code);
        var conflict = Assert.Single(body.GetProperty("conflicts").EnumerateArray().ToArray());
        Assert.Equal((version, first.GetProperty("index").GetUInt64()), (conflict.GetProperty("expected_version").GetUInt64(), conflict.GetProperty("found_version").GetUInt64()));
        Assert.Equal(HttpStatusCode.Conflict, (await fixture.ApplyAsync(SiteText.Tenant("acme"), more: new { create = true })).Code);
    }

    [Fact]
    public async Task An_edit_that_was_overtaken_is_judged_again_by_what_is_there_now()
    {
        await using var fixture = await AdminFixture.StartAsync();
        fixture.Book.BeforeNext = () => fixture.Book.Must(new BookCommand
        {
            Who = "somebody",
            ApplyResources = new ApplyResources { Edits = { new ResourceEdit { Resource = new Resource { Kind = "Tenant", Name = "third", Document = ByteString.CopyFromUtf8("""{"apiVersion":"edge/v1","kind":"Tenant","metadata":{"name":"third"}}""") } } } },
        });
        var (code, body) = await fixture.ApplyAsync(SiteText.Tenant("third"));
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal(["changed"], Outcomes(body));
    }

    [Fact]
    public async Task A_tenant_cannot_take_away_what_its_modules_use_but_an_old_mistake_is_not_held_against_a_repair()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var digest = await fixture.UploadAsync(SiteText.Wasm);
        await fixture.ApplyAsync(SiteText.Module("mean", digest.ToString()));
        var (code, body) = await fixture.ApplyAsync(SiteText.Tenant("acme", "random"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal("book:Module/acme/mean", body.GetProperty("findings")[0].GetProperty("file").GetString());

        // Straight into the book, as two edits at once on two nodes could do it.
        fixture.Book.Must(new BookCommand { Who = "site", DeleteResources = new DeleteResources { Keys = { new ResourceKey { Kind = "Module", Tenant = "acme", Name = "mean" } } } });
        fixture.Book.Must(new BookCommand
        {
            Who = "site",
            ApplyResources = new ApplyResources { Edits = { new ResourceEdit { Resource = new Resource { Kind = "Channel", Tenant = "acme", Name = "orphan", Document = ByteString.CopyFromUtf8("""{"apiVersion":"edge/v1","kind":"Channel","metadata":{"name":"orphan","tenant":"acme"},"spec":{"source":{"topic":"x"},"module":"gone"}}""") } } } },
        });
        Assert.Equal(HttpStatusCode.OK, (await fixture.ApplyAsync(SiteText.Module("mean", digest.ToString()))).Code);
    }

    [Fact]
    public async Task A_module_whose_bytes_nobody_uploaded_is_a_mistake_at_its_file()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (code, body) = await fixture.ApplyAsync(SiteText.Documents(SiteText.Module("one", "mean.wasm"), SiteText.Module("two", "sha256:" + new string('a', 64))));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal(2, body.GetProperty("findings").GetArrayLength());
        Assert.All(body.GetProperty("findings").EnumerateArray(), finding => Assert.Contains("PUT /api/v1/modules/", finding.GetProperty("message").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diff_names_the_fields_and_validate_writes_nothing()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (_, diff) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/diff", AdminFixture.Submitted(SiteText.Tenant("acme", "random")));
        var change = diff.GetProperty("items")[0].GetProperty("changes")[0];
        Assert.Equal(("spec.capabilities", "[\"log\"]", "[\"random\"]"), (change.GetProperty("path").GetString(), change.GetProperty("old").GetString(), change.GetProperty("new").GetString()));
        var (code, validated) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/validate", AdminFixture.Submitted(SiteText.Channel("heart", "nothing")));
        Assert.Equal((HttpStatusCode.OK, 1), (code, validated.GetProperty("mistakes").GetArrayLength()));
    }

    [Fact]
    public async Task What_is_named_by_another_is_not_deleted_and_a_stale_delete_is_refused()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var digest = await fixture.UploadAsync(SiteText.Wasm);
        var (_, applied) = await fixture.ApplyAsync(SiteText.Documents(SiteText.Module("mean", digest.ToString()), SiteText.Channel("heart", "mean")));
        var (code, body) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Delete, "api/v1/resources/Module/acme/mean");
        Assert.Equal((HttpStatusCode.Conflict, "in_use"), (code, body.GetProperty("error").GetString()));
        var (stale, _) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Delete, "api/v1/resources/channel/acme/heart", null, ("If-Match", "\"1\""));
        Assert.Equal(HttpStatusCode.Conflict, stale);
        var (deleted, _) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Delete, "api/v1/resources/channel/acme/heart", null, ("If-Match", $"\"{applied.GetProperty("index").GetUInt64()}\""));
        Assert.Equal(HttpStatusCode.OK, deleted);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync("api/v1/resources/Channel/acme/heart")).Code);
    }

    [Fact]
    public async Task One_resource_has_its_version_as_ETag_and_is_answered_stale_when_no_leader_is_there()
    {
        await using var fixture = await AdminFixture.StartAsync();
        using var first = await fixture.Http.GetAsync("api/v1/resources/Tenant/-/acme", TestContext.Current.CancellationToken);
        var (again, _) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Get, "api/v1/resources/Tenant/-/acme", null, ("If-None-Match", first.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, again);
        fixture.Book.HasLeader = false;
        var (code, body) = await fixture.GetAsync("api/v1/resources/Tenant/-/acme");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (code, body.GetProperty("error").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("api/v1/resources/Tenant/-/acme?stale=ok")).Code);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.ApplyAsync(SiteText.Tenant("third"))).Code);
    }

    [Fact]
    public async Task A_body_that_is_no_request_is_refused_in_words()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var (code, body) = await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, "api/v1/apply", new { fils = 1 });
        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.Contains("fils", body.GetProperty("message").GetString(), StringComparison.Ordinal);
        var (large, _) = await fixture.ApplyAsync(new string('#', 5 << 20));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large);
    }

    private static IEnumerable<string?> Outcomes(JsonElement body) => body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("outcome").GetString());
}
