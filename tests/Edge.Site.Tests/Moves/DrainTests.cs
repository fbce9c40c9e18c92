using System.Diagnostics;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Moves;

/// <summary>Channels leave a node in an orderly way while readings flow.</summary>
[Collection(nameof(OneSite))]
public sealed class DrainTests(SharedSite shared)
{
    /// <summary>Longest pause of a channel that is moved: what the site promises.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_node_is_drained_while_readings_flow_and_nobody_waits_long()
    {
        var site = await shared.TakeAsync();
        var placed = await site.AtRestAsync("before");
        var owner = site[placed.Node];
        var others = site.Nodes.Where(node => node != owner).ToList();
        await using var traffic = await Traffic.StartAsync(site, "drain", others);

        var before = traffic.Subscribers[0].Outputs.Count;
        await site.PostAsync(owner, "drain");
        await SiteProcesses.PlacedAsync(others[0], one => one.Node.Length > 0 && one.Node != owner.Name && one.MovingTo is null, "the channel left the drained node");
        await traffic.FlowsAsync("after the move");
        var outputs = traffic.Subscribers[0].Outputs.Skip(before - 1).ToList();
        var pause = outputs.Zip(outputs.Skip(1), (one, next) => Stopwatch.GetElapsedTime(one.At, next.At)).Max();
        Figures.Print("drain: pause of the channel", pause);
        await site.PostAsync(owner, "uncordon");

        await traffic.CheckAsync();
        shared.GiveBack();
        Assert.True(pause <= PauseMax, $"The channel paused {pause.TotalMilliseconds:0} ms; allowed {PauseMax.TotalMilliseconds:0}.");
    }
}
