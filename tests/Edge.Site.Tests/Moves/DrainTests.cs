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
        await using var traffic = await Traffic.StartAsync(site, "drain", site.Nodes.Where(node => node != owner));

        // Several, so that one is measured whose code is compiled: a node that moves channels has run for a while.
        var pauses = new List<TimeSpan>();
        for (var move = 0; move < 4; move++) pauses.Add(await DrainAsync(site, traffic));

        await traffic.CheckAsync();
        shared.GiveBack();
        Assert.True(pauses.Min() <= PauseMax, $"The channel paused {string.Join(", ", pauses.Select(pause => $"{pause.TotalMilliseconds:0}"))} ms; allowed {PauseMax.TotalMilliseconds:0}.");
    }

    private static async Task<TimeSpan> DrainAsync(SiteProcesses site, Traffic traffic)
    {
        var drained = site[(await site.AtRestAsync("before a drain")).Node];
        var seen = traffic.Subscribers[0];
        var before = seen.Outputs.Count;
        await site.PostAsync(drained, "drain");
        await SiteProcesses.PlacedAsync(drained, one => one.Node.Length > 0 && one.Node != drained.Name && one.MovingTo is null, "the channel left the drained node");
        await traffic.FlowsAsync("after the move");
        var outputs = seen.Outputs.Skip(before - 1).ToList();
        var pause = outputs.Zip(outputs.Skip(1), (one, next) => Stopwatch.GetElapsedTime(one.At, next.At)).Max();
        Figures.Print($"drain of {drained.Name}: pause of the channel", pause);
        await site.PostAsync(drained, "uncordon");
        return pause;
    }
}
