using Edge.Messages.Book;
using Edge.Node.Cli;
using Edge.Node.Tests.Admin;
using Edge.Node.Tests.Hosting;

namespace Edge.Node.Tests.Cli;

/// <summary>The verbs that speak to a node, over HTTP to a real admin server, found and signed in by the files of the data folder.</summary>
public sealed class RemoteCommandTests : IAsyncDisposable
{
    private readonly NodeFolder _files = new();
    private AdminFixture _fixture = null!;

    public async ValueTask DisposeAsync()
    {
        _files.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task What_is_applied_is_got_described_changed_and_deleted()
    {
        await StartAsync();
        _files.With("site.yaml", SiteText.Documents(SiteText.Module("mean", "mean.wasm"), SiteText.Channel("heart", "mean")));
        await File.WriteAllBytesAsync(Path.Combine(_files.Manifests, "mean.wasm"), SiteText.Wasm, TestContext.Current.CancellationToken);

        var (code, output, errors) = await _fixture.EdgeAsync("apply", "-f", _files.Manifests);
        Assert.True(code == EdgeCli.Done, errors);
        Assert.Contains("created    Channel/acme/heart  version ", output, StringComparison.Ordinal);
        Assert.Contains("uploaded sha256:", errors, StringComparison.Ordinal);
        Assert.Contains("unchanged  Module/acme/mean", (await _fixture.EdgeAsync("apply", "-f", _files.Manifests)).Output, StringComparison.Ordinal);

        var (_, table, _) = await _fixture.EdgeAsync("get", "CHANNELS", "-o", "wide");
        Assert.Equal(["KIND", "TENANT", "NAME", "VERSION", "SINCE", "DETAIL"], table.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("in/+ -> mean", table, StringComparison.Ordinal);
        Assert.Contains("Runs on:      not placed yet", (await _fixture.EdgeAsync("describe", "channel", "heart", "-t", "acme")).Output, StringComparison.Ordinal);

        // What get shows as YAML can be applied as it is: nothing changes, also where the module's file is not.
        var (_, yaml, _) = await _fixture.EdgeAsync("get", "all", "-o", "yaml");
        using var elsewhere = new NodeFolder().With("copy.yaml", yaml);
        var (_, again, problems) = await _fixture.EdgeAsync("apply", "-f", elsewhere.Manifests);
        Assert.True(again.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: 3 } lines && lines.All(line => line.StartsWith("unchanged", StringComparison.Ordinal)), again + problems);

        _files.With("site.yaml", SiteText.Documents(SiteText.Module("mean", "mean.wasm"), SiteText.Channel("heart", "mean", "  maxLiveKeys: 7")));
        var (differs, diff, _) = await _fixture.EdgeAsync("diff", "-f", _files.Manifests);
        Assert.Equal(EdgeCli.Failed, differs);
        Assert.Contains("  + spec.maxLiveKeys: 7", diff, StringComparison.Ordinal);
        Assert.Contains("(dry run)", (await _fixture.EdgeAsync("apply", "-f", _files.Manifests, "--dry-run")).Output, StringComparison.Ordinal);

        Assert.Contains("is in use", (await _fixture.EdgeAsync("delete", "module", "mean", "-t", "acme")).Errors, StringComparison.Ordinal);
        Assert.Equal("deleted  Channel/acme/heart", (await _fixture.EdgeAsync("delete", "channel", "heart", "-t", "acme")).Output.Trim());
        Assert.Contains("local delete Channel/acme/heart", Squeezed((await _fixture.EdgeAsync("audit")).Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_come_with_file_and_line_and_a_conflict_with_both_versions()
    {
        await StartAsync();
        _files.With("heart.yaml", SiteText.Channel("heart", "meen"));
        var (code, _, errors) = await _fixture.EdgeAsync("apply", "-f", Path.Combine(_files.Manifests, "heart.yaml"));
        Assert.Equal(EdgeCli.BadUsage, code);
        Assert.Contains("heart.yaml:6:11 Channel 'heart' names module 'meen'", errors, StringComparison.Ordinal);

        using var tenant = new NodeFolder().With("acme.yaml", SiteText.Tenant("acme", "random"));
        var (conflict, _, words) = await _fixture.EdgeAsync("apply", "-f", tenant.Manifests, "--expect", "tenant/acme=3");
        Assert.Equal(EdgeCli.Failed, conflict);
        Assert.Contains($"version 3 but is at version {_fixture.Book.Current.Resources[new("Tenant", "", "acme")].Version} now", words, StringComparison.Ordinal);

        using var lost = new NodeFolder().With("mean.yaml", SiteText.Module("mean", "nowhere.wasm"));
        Assert.Contains("mean.yaml:5:9 The module file 'nowhere.wasm'", (await _fixture.EdgeAsync("apply", "-f", lost.Manifests)).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get chanels", EdgeCli.BadUsage, "Did you mean 'channels'?")]
    [InlineData("get tenant acne", EdgeCli.Failed, "Did you mean 'acme'?")]
    [InlineData("get nodes -o yaml", EdgeCli.BadUsage, "no manifests")]
    [InlineData("delete node pi-2", EdgeCli.BadUsage, "edge node rm pi-2")]
    [InlineData("node cordon pi2", EdgeCli.Failed, "Did you mean 'pi-")]
    [InlineData("token create", EdgeCli.BadUsage, "--node, or --role")]
    [InlineData("token create --role admn", EdgeCli.Failed, "Did you mean 'admin'?")]
    [InlineData("token create --role admin --expires soon", EdgeCli.BadUsage, "allowed: a duration")]
    [InlineData("get nodes --server http://pi-1.local:8080", EdgeCli.BadUsage, "everybody on the network would read the token")]
    [InlineData("get nodes --server ftp://x", EdgeCli.BadUsage, "allowed: a URL")]
    [InlineData("get nodes --server http://127.0.0.1:1", EdgeCli.Failed, "No node answers at http://127.0.0.1:1/")]
    [InlineData("get nodes --token wrong", EdgeCli.Failed, "not one of this site")]
    [InlineData("get nodes --ca-fingerprint ab", EdgeCli.BadUsage, "64 hexadecimal digits")]
    [InlineData("apply -f . --expect heart", EdgeCli.BadUsage, "KIND/TENANT/NAME=VERSION")]
    public async Task What_is_mistyped_is_answered_with_what_is_allowed(string line, int exitCode, string words)
    {
        await StartAsync();
        // The folder of the test must hold a manifest for apply to come as far as the mistake.
        _files.With("acme.yaml", SiteText.Tenant("acme"));
        var (code, _, errors) = await _fixture.EdgeAsync(line.Replace("-f .", $"-f {_files.Manifests}", StringComparison.Ordinal).Split(' '));
        Assert.Equal((exitCode, true), (code, errors.Contains(words, StringComparison.Ordinal) ? true : throw new Xunit.Sdk.XunitException(errors)));
    }

    [Fact]
    public async Task A_folder_without_a_node_says_what_to_do()
    {
        await StartAsync();
        using var empty = new NodeFolder();
        using var errors = new StringWriter();
        var code = await EdgeCli.RunAsync(["get", "nodes", "--data", empty.Data], new() { Error = errors, ProcessTerminationTimeout = null });
        Assert.Equal(EdgeCli.Failed, code);
        Assert.Contains("Start one with 'edge up', or name one with --server URL.", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_and_tokens_are_managed_by_name()
    {
        await StartAsync();
        Assert.Contains("pi-1 leader ready 900 ms", Squeezed((await _fixture.EdgeAsync("node", "ls")).Output), StringComparison.Ordinal);
        Assert.Equal("cordoned  pi-2", (await _fixture.EdgeAsync("node", "cordon", "pi-2", "--reason", "new disk")).Output.Trim());
        Assert.Contains("State:        cordoned (new disk)", (await _fixture.EdgeAsync("node", "describe", "pi-2")).Output, StringComparison.Ordinal);
        Assert.Equal("uncordoned  pi-2", (await _fixture.EdgeAsync("node", "uncordon", "pi-2")).Output.Trim());

        var (_, person, _) = await _fixture.EdgeAsync("token", "create", "--role", "viewer", "--name", "mira", "--expires", "12h");
        Assert.StartsWith("edgep-", person, StringComparison.Ordinal);
        Assert.Contains("may not POST", (await _fixture.EdgeAsync("node", "cordon", "pi-2", "--token", person.Trim())).Errors, StringComparison.Ordinal);
        Assert.StartsWith("edge1-", (await _fixture.EdgeAsync("token", "create", "--node")).Output, StringComparison.Ordinal);
        var id = (await _fixture.EdgeAsync("token", "ls")).Output.Split('\n').Single(line => line.Contains("mira", StringComparison.Ordinal)).Split(' ')[0];
        Assert.Equal($"revoked  {id}", (await _fixture.EdgeAsync("token", "rm", id)).Output.Trim());
        Assert.Equal("removed  pi-2", (await _fixture.EdgeAsync("node", "rm", "pi-2")).Output.Trim());
    }

    [Fact]
    public async Task A_drain_shows_its_progress_and_ends_when_nothing_is_left()
    {
        await StartAsync();
        Place("acme/a", "acme/b");
        var drain = _fixture.EdgeAsync("node", "drain", "pi-2");
        using var moved = new SemaphoreSlim(0);
        using var watch = _fixture.Book.Watch(change => moved.Release());
        await Patience.For(DrainingAsync(), "the drain to be in the book");
        Retire("acme/a");
        Retire("acme/b");
        var (code, output, errors) = await drain;
        Assert.True(code == EdgeCli.Done, errors);
        Assert.EndsWith("drained  pi-2. It stays cordoned until 'edge node uncordon pi-2'.", output.Trim(), StringComparison.Ordinal);

        async Task DrainingAsync()
        {
            while (!_fixture.Book.Current.Nodes["pi-2"].Draining) await moved.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_drain_that_is_interrupted_goes_on_and_says_so()
    {
        await StartAsync();
        Place("acme/a");
        await using var process = EdgeProcess.Start(["node", "drain", "pi-2", "--data", _fixture.Data]);
        Assert.Equal("draining  pi-2  0 of 1 moved", await Patience.For(process.FirstLine, "the drain's first line"));
        process.Interrupt();
        Assert.Equal(EdgeCli.Failed, await process.ExitAsync());
        Assert.Contains("The drain of pi-2 goes on.", process.Output, StringComparison.Ordinal);
        Assert.True(_fixture.Book.Current.Nodes["pi-2"].Draining);
    }

    private async Task StartAsync() => _fixture = await AdminFixture.StartAsync();

    private void Place(params string[] identities) => _fixture.Book.Must(new BookCommand
    {
        Who = "site",
        PlaceActors = new PlaceActors { Edits = { identities.Select(identity => new PlacementEdit { Placement = new Placement { Kind = "channel", Identity = identity, Node = "pi-2", Member = "m2" } }) } },
    });

    private void Retire(string identity) => _fixture.Book.Must(new BookCommand { Who = "site", PlaceActors = new PlaceActors { Retired = { new ActorId { Kind = "channel", Identity = identity } } } });

    private static string Squeezed(string table) => System.Text.RegularExpressions.Regex.Replace(table, " +", " ");
}
