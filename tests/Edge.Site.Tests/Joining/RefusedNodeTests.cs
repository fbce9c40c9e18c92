using Edge.Node.Admin.Routes;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Joining;

/// <summary>Nodes that may not come in, and are told why.</summary>
public sealed class RefusedNodeTests : IClassFixture<TwoSites>
{
    private readonly SiteProcesses _site;
    private readonly SiteProcesses _other;

    public RefusedNodeTests(TwoSites sites) => (_site, _other) = (sites.First, sites.Second);

    [Fact]
    public async Task A_token_admits_one_node_only()
    {
        string[] arguments = ["--join", await _site.NewTokenAsync(), "--site", $"{_site.Nodes[0].Place.Peers}"];
        var first = _site.New("first-with-token");
        await first.StartAsync(arguments);
        await _site.ForgetAsync(first);

        await RefusedAsync("second-with-token", arguments, 1, "was spent on node 'first-with-token'; a token admits one node");
    }

    [Fact]
    public async Task An_expired_token_is_refused_with_how_to_get_another()
    {
        var token = await _site.NewTokenAsync(TimeSpan.FromSeconds(1));
        // Its own time has to pass on the site's clock; there is no event for it.
        await Task.Delay(TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);

        await RefusedAsync("late", ["--join", token, "--site", $"{_site.Nodes[0].Place.Peers}"], 1, "expired 0 minutes ago by the site's clock. Make another with `edge token create --node`");
    }

    [Fact]
    public async Task A_token_of_another_site_on_the_same_machine_is_not_shown_to_this_one() =>
        await RefusedAsync("lost", ["--join", await _other.NewTokenAsync(), "--site", $"{_site.Nodes[0].Place.Peers}"], 1, "it is of site 'pi-1', the token of site 'lab-1'");

    [Fact]
    public async Task A_mistyped_token_is_bad_usage()
    {
        var token = await _site.NewTokenAsync();
        var mistyped = token[..^4] + (token[^4] == 'a' ? 'b' : 'a') + token[^3..];

        await RefusedAsync("typo", ["--join", mistyped, "--site", $"{_site.Nodes[0].Place.Peers}"], 2, "Copy it whole");
    }

    [Fact]
    public async Task A_name_belongs_to_the_node_that_has_it() =>
        await RefusedAsync("pi-1", await _site.JoinArgumentsAsync(), 1, "The name 'pi-1' belongs to a node with another key");

    [Fact]
    public async Task A_removed_node_is_cut_off_at_once_and_stops_acting()
    {
        var node = _site.New("removed");
        await node.StartAsync(await _site.JoinArgumentsAsync());

        await Waiting.FirstAsync(
            _site.Nodes[0], "api/v1/nodes", EventJson.Default.NodeListView, list => list.Items.Any(one => one is { Name: "removed", State: "ready" }),
            list => string.Join(", ", list.Items.Select(one => $"{one.Name} {one.State}")), "the node is a member");
        var cut = node.NextLogAsync("is not received any more");
        var told = node.NextLogAsync("is over");
        using (var api = _site.Nodes[0].Api()) await api.DeleteAsync("api/v1/nodes/removed");
        await Waiting.FirstAsync(
            _site.Nodes[0], "api/v1/nodes", EventJson.Default.NodeListView, list => list.Items.All(one => one.Name != "removed"),
            list => string.Join(", ", list.Items.Select(one => one.Name)), "the node is gone from the list");
        // Its connections are cut, new ones are refused, and its right to act ends with its lease.
        await cut;
        await told;
        await _site.ForgetAsync(node);
    }

    [Fact]
    public async Task Two_sites_on_one_machine_do_not_see_each_other()
    {
        await _site.AtRestAsync("first site");
        await _other.AtRestAsync("second site");
        foreach (var site in new[] { _site, _other })
        {
            using var api = site.Nodes[0].Api();
            var list = await api.GetAsync("api/v1/nodes", ApiJson.Default.NodeListView);
            Assert.Contains(list.Items, one => one.Addresses["node"] == $"{site.Nodes[0].Place.Peers}");
            Assert.DoesNotContain(list.Items, one => one.Addresses["node"] == $"{(site == _site ? _other : _site).Nodes[0].Place.Peers}");
        }
    }

    private async Task RefusedAsync(string name, string[] arguments, int exitCode, string words)
    {
        // A folder of its own: a name that is taken is another machine's.
        var node = new NodeProcess(name, Path.Combine(_site.Folder, $"strangers-{Guid.NewGuid():N}"), NodePlace.OnLoopback(SiteProcesses.NextNumber(), 1));
        await using (node)
        {
            var ended = await node.TryStartAsync(arguments);
            Assert.NotNull(ended);
            Assert.Equal(exitCode, ended.ExitCode);
            Assert.Contains(words, ended.Errors, StringComparison.Ordinal);
        }
    }
}

/// <summary>Two sites of one node each.</summary>
public sealed class TwoSites : IAsyncLifetime
{
    internal SiteProcesses First { get; private set; } = null!;

    internal SiteProcesses Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        First = await SiteProcesses.StartAsync(1);
        Second = await SiteProcesses.StartAsync(1, prefix: "lab");
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}
