using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Book;

/// <summary>Declared resources: all or nothing, versions, tenants; keys and tokens.</summary>
public sealed class ResourceCommandTests
{
    [Fact]
    public void A_version_is_the_index_of_the_last_change_and_the_same_document_is_no_change()
    {
        var script = BookScript.Site("pi-1");
        var created = script.Do(BookScript.Apply(BookScript.Edit("Channel", "default", "boiler"))).Index;
        script.Do(BookScript.Apply(BookScript.Edit("Channel", "default", "boiler")));
        Assert.Equal(created, Boiler(script).Version);

        var changed = script.Do(BookScript.Apply(BookScript.Edit("Channel", "default", "boiler", "{\"a\":1}", expected: created))).Index;

        Assert.Equal((changed, created), (Boiler(script).Version, Boiler(script).CreatedIndex));
    }

    [Fact]
    public void A_conflicting_edit_names_both_versions_and_nothing_of_its_command_happens()
    {
        var script = BookScript.Site("pi-1");
        var read = script.Do(BookScript.Apply(BookScript.Edit("Channel", "default", "boiler"))).Index;
        var found = script.Do(BookScript.Apply(BookScript.Edit("Channel", "default", "boiler", "{\"a\":1}"))).Index;

        var refusal = script.Refused(RefusalReason.Conflict, BookScript.Apply(BookScript.Edit("Channel", "default", "pump"), BookScript.Edit("Channel", "default", "boiler", "{}", expected: read)));

        Assert.Equal((read, found), (refusal.ExpectedVersion, refusal.FoundVersion));
        Assert.Contains($"version {read}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"version {found}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_of_a_deleted_resource_conflicts()
    {
        var script = BookScript.Site("pi-1");
        var read = script.Do(BookScript.Apply(BookScript.Edit("Channel", "default", "boiler"))).Index;
        script.Do(Delete(("Channel", "default", "boiler", read)));

        Assert.Equal(0u, script.Refused(RefusalReason.Conflict, BookScript.Apply(BookScript.Edit("Channel", "default", "boiler", "{}", expected: read))).FoundVersion);
        script.Refused(RefusalReason.NotFound, Delete(("Channel", "default", "boiler", 0)));
    }

    [Fact]
    public void A_new_one_must_be_new()
    {
        var script = BookScript.Site("pi-1");
        script.Do(BookScript.Apply(BookScript.Edit("Channel", "default", "boiler")));
        var again = BookScript.Edit("Channel", "default", "boiler");
        again.CreateOnly = true;

        script.Refused(RefusalReason.NameTaken, BookScript.Apply(again));
        script.Refused(RefusalReason.Invalid, BookScript.Apply(BookScript.Edit("Channel", "default", "pump"), BookScript.Edit("Channel", "default", "pump")));
        script.Refused(RefusalReason.Invalid, BookScript.Apply(BookScript.Edit("Tenant", "acme", "acme")));
    }

    [Fact]
    public void A_resource_needs_its_tenant_which_may_come_with_it()
    {
        var script = BookScript.Site("pi-1");
        script.Refused(RefusalReason.NotFound, BookScript.Apply(BookScript.Edit("Channel", "acme", "boiler")));
        script.Do(BookScript.Apply(BookScript.Edit("Channel", "acme", "boiler"), BookScript.Edit("Tenant", "", "acme")));
    }

    [Fact]
    public void A_tenant_in_use_stays_and_goes_with_all_that_it_has()
    {
        var script = BookScript.Site("pi-1");
        script.Do(BookScript.Apply(BookScript.Edit("Tenant", "", "acme"), BookScript.Edit("Channel", "acme", "boiler")));
        script.Do(new BookCommand { ChangeKey = new ChangeKey { Key = new TrustedKey { Tenant = "acme", Name = "release", PublicKey = BookScript.Key("k") } } });
        script.Do(new BookCommand { IssueToken = new IssueToken { Token = new TokenRecord { Id = "bob", Hash = BookScript.Hash("bob"), Purpose = TokenPurpose.Person, Role = Role.Viewer, Tenant = "acme" } } });

        var refusal = script.Refused(RefusalReason.InUse, Delete(("Tenant", "", "acme", 0)));
        Assert.Contains("Channel/acme/boiler", refusal.Message, StringComparison.Ordinal);
        script.Refused(RefusalReason.InUse, Delete(("Tenant", "", "acme", 0), ("Channel", "acme", "boiler", 0)));
        script.Do(new BookCommand { RevokeToken = new RevokeToken { Id = "bob" } });
        script.Do(Delete(("Tenant", "", "acme", 0), ("Channel", "acme", "boiler", 0)));

        Assert.Empty(script.State.Resources);
        Assert.Empty(script.State.Keys);
    }

    [Fact]
    public void A_revoked_key_is_not_trusted_again_and_a_name_keeps_its_key()
    {
        var script = BookScript.Site("pi-1");
        BookCommand Key(string key, bool revoked = false, string tenant = "default") =>
            new() { ChangeKey = new ChangeKey { Key = new TrustedKey { Tenant = tenant, Name = "release", PublicKey = BookScript.Key(key), Revoked = revoked } } };

        script.Do(Key("k"));
        script.Refused(RefusalReason.NameTaken, Key("other"));
        script.Do(Key("k", revoked: true));
        script.Refused(RefusalReason.Invalid, Key("k"));
        script.Refused(RefusalReason.NotFound, Key("k", tenant: "acme"));
        Assert.Equal(["found", "trust", "revoke"], script.State.Audit.Select(entry => entry.Verb));
    }

    [Fact]
    public void Tokens_have_ids_of_their_own_and_old_ones_are_swept()
    {
        var script = BookScript.Site("pi-1");
        script.Do(BookScript.Issue("t", expires: 1000));
        script.Refused(RefusalReason.NameTaken, BookScript.Issue("t"));
        var spent = BookScript.Issue("u");
        spent.IssueToken.Token.SpentByKey = BookScript.Key("pi-2");
        script.Refused(RefusalReason.Invalid, spent);
        script.Refused(RefusalReason.Invalid, new BookCommand { IssueToken = new IssueToken { Token = new TokenRecord { Id = "v", Hash = BookScript.Hash("v") } } });
        script.Refused(RefusalReason.NotFound, new BookCommand { RevokeToken = new RevokeToken { Id = "w" } });

        var later = BookScript.Issue("x");
        later.TimeUs = 2000 + (long)BookLimits.ExpiredTokens.TotalMicroseconds;
        script.Do(later);

        Assert.Equal(["admin", "x"], script.State.Tokens.Keys.Order());
    }

    [Fact]
    public void A_tokens_times_are_by_the_leaders_clock_also_when_the_issuers_is_hours_off()
    {
        var script = BookScript.Site("pi-1");
        var issue = BookScript.Issue("t", expires: 9_000_000 + 3600);
        issue.IssueToken.Token.CreatedUs = 9_000_000;
        issue.TimeUs = 50_000;
        script.Do(issue);

        Assert.Equal((50_000, 50_000 + 3600), (script.State.Tokens["t"].CreatedUs, script.State.Tokens["t"].ExpiresUs));
    }

    [Fact]
    public void An_answer_holds_a_bounded_number_of_refusals_and_says_how_many_more()
    {
        var script = BookScript.Site("pi-1");

        var outcome = script.Try(BookScript.Apply([.. Enumerable.Range(0, 250).Select(i => BookScript.Edit("Channel", "acme", $"c{i}"))]));

        Assert.Equal(BookLimits.Refusals, outcome.Refusals.Count);
        Assert.EndsWith("And 150 more refusals.", outcome.Refusals[^1].Message, StringComparison.Ordinal);
    }

    private static Resource Boiler(BookScript script) => script.State.Resources[new ResourceId("Channel", "default", "boiler")];

    private static BookCommand Delete(params (string Kind, string Tenant, string Name, ulong Version)[] keys) =>
        new() { DeleteResources = new DeleteResources { Keys = { keys.Select(key => new ResourceKey { Kind = key.Kind, Tenant = key.Tenant, Name = key.Name, ExpectedVersion = key.Version }) } } };
}
