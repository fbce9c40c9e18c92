using Edge.Node.Admin;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Top;
using Edge.Node.Tests.Hosting;

namespace Edge.Node.Tests.Site;

[Collection("sites of processes")]
public sealed class TopTests
{
    [Fact]
    public void Rates_are_of_the_node_that_is_asked_and_moves_are_shown()
    {
        var nodes = new NodeListView(7, [Node("n1", "leader")]);
        var placements = new PlacementListView(7,
        [
            new("channel", "default/here", "default", "n1", "m", "1.5", "n2", null, null),
            new("channel", "default/moving", "default", "n2", "m2", "1.6", "", "n1", null),
            new("channel", "default/lost", "default", "", "", "1.7", "", null, "no node fits"),
        ]);

        var rows = TopRows.Of(nodes, placements, Status(100), Status(150), TimeSpan.FromSeconds(2));

        Assert.Equal(["n1", "leader", "ready", "800 ms", "0.25", "64 MiB", "2", "-"], rows.Nodes[0]);
        Assert.Equal(["default/here", "n1", "1.5", "n2", "3", "25.0"], rows.Actors[0]);
        Assert.Equal(["default/moving", "n2 → n1", "1.6", "-", "-", "-"], rows.Actors[1]);
        Assert.Equal("nowhere: no node fits", rows.Actors[2][1]);
    }

    [Fact]
    public async Task Without_a_terminal_it_prints_plain_lines()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await site.StartAsync("n1", manifests: folder.Manifests);
        await site.UntilOwnedAsync("n1", "default/counts", "n1");

        var shown = await TestSite.CliAsync("top", "--once", "--data", site.Data("n1"));

        Assert.Matches(@"(?m)^NODE +ROLE +STATE", shown);
        Assert.Matches(@"(?m)^n1 +leader +ready", shown);
        Assert.Matches(@"(?m)^default/counts +n1 +1\.\d+", shown);
    }

    private static NodeView Node(string name, string role) => new()
    {
        Name = name, Role = role, State = "ready", LeaseMs = 800, Cpu = 0.25, MemoryBytes = 64 << 20, Actors = 2, Version = "1", Labels = new Dictionary<string, string>(),
        Addresses = new Dictionary<string, string>(), Draining = false,
    };

    private static StatusView Status(long readings) => new(
        "1", 1, "ok", "", 0, null, [],
        [new("default", "here", "running", null, new Dictionary<string, long>(), new Dictionary<string, long>(), 3, 1, readings, 0, 0, new Dictionary<string, long>())]);
}
