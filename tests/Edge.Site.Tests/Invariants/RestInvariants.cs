using Edge.Node.Admin.Routes;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Invariants;

/// <summary>At rest every node has the same voters, by its own copy of the book, and the channel runs on one node.</summary>
internal static class RestInvariants
{
    public static async Task CheckAsync(SiteProcesses site)
    {
        var lists = new List<(string Node, string Voters)>();
        var running = new List<string>();
        foreach (var node in site.Nodes.Where(node => node.Runs))
        {
            using var api = node.Api();
            var list = await api.GetAsync("api/v1/nodes?stale=ok", ApiJson.Default.NodeListView);
            lists.Add((node.Name, string.Join(' ', list.Items.Where(SiteProcesses.Votes).Select(one => one.Name))));
            using var status = System.Text.Json.JsonDocument.Parse(await api.TextAsync("api/v1/status"));
            if (status.RootElement.GetProperty("channels").EnumerateArray().Any(channel => channel.GetProperty("state").GetString() == "running")) running.Add(node.Name);
        }

        Assert.True(lists.Select(one => one.Voters).Distinct().Count() == 1, $"Voter lists differ at rest: {string.Join(" | ", lists)}");
        Assert.True(running.Count == 1, $"The channel runs on {running.Count} nodes at rest: {string.Join(", ", running)}");
    }
}
