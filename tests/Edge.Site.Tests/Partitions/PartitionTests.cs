using System.Diagnostics;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Partitions;

/// <summary>The LAN between nodes is cut in several ways and heals. Clients reach every node all the time.</summary>
public sealed class PartitionTests(LanSite lan) : IClassFixture<LanSite>
{
    [Fact]
    public async Task The_owner_alone_stops_and_the_other_two_go_on()
    {
        var owner = await OwnerAsync();
        await FailsOverAsync("owner alone", owner, () => lan.Lan.IsolateAsync(lan.NumberOf(owner)), () => lan.Lan.RejoinAsync(lan.NumberOf(owner)));
    }

    [Fact]
    public async Task The_owner_hears_everybody_and_nobody_hears_the_owner()
    {
        var owner = await OwnerAsync();
        var number = lan.NumberOf(owner);
        int[] others = [.. Enumerable.Range(1, 3).Where(node => node != number)];
        await FailsOverAsync(
            "one way", owner,
            () => Task.WhenAll(others.Select(other => lan.Lan.CutAsync(number, other))),
            () => Task.WhenAll(others.Select(other => lan.Lan.HealAsync(number, other))));
    }

    [Fact]
    public async Task A_link_that_flaps_leaves_the_site_whole()
    {
        var owner = await OwnerAsync();
        var leader = await lan.Site.LeaderAsync();
        var flapping = lan.Site.Nodes.First(node => node != owner && node != leader);
        await using var traffic = await Traffic.StartAsync(lan.Site, "flapping", lan.Site.Nodes.Where(node => node != flapping));

        for (var time = 0; time < 5; time++)
        {
            // How long a flap lasts is the scenario: shorter and longer than a lease.
            await lan.Lan.IsolateAsync(lan.NumberOf(flapping));
            await Task.Delay(TimeSpan.FromMilliseconds(250 * (time + 1)), TestContext.Current.CancellationToken);
            await lan.Lan.RejoinAsync(lan.NumberOf(flapping));
            await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        }

        await traffic.FlowsAsync("after the flapping");
        await traffic.CheckAsync();
        Figures.Print("flapping: longest gap in the outputs", Figures.LongestGap(traffic.Subscribers[0]));
    }

    [Fact]
    public async Task The_switch_goes_off_for_all_and_nobody_acts_alone()
    {
        await OwnerAsync();
        await using var traffic = await Traffic.StartAsync(lan.Site, "switch", lan.Site.Nodes);

        var fenced = lan.Site.Nodes.Select(node => node.NextLogAsync("is over")).ToList();
        await lan.Lan.SwitchAsync(on: false);
        await Task.WhenAll(fenced);
        await lan.Lan.SwitchAsync(on: true);
        var healed = Stopwatch.GetTimestamp();
        await traffic.FlowsAsync("after the switch is on again");
        Figures.Print("switch off and on: from on to outputs for every producer", Stopwatch.GetElapsedTime(healed));

        await traffic.CheckAsync();
    }

    private async Task<NodeProcess> OwnerAsync()
    {
        _ = lan.Lan;
        return lan.Site[(await lan.Site.AtRestAsync("before")).Node];
    }

    private async Task FailsOverAsync(string what, NodeProcess owner, Func<Task> cut, Func<Task> heal)
    {
        var others = lan.Site.Nodes.Where(node => node != owner).ToList();
        await using var traffic = await Traffic.StartAsync(lan.Site, what.Replace(' ', '-'), others);

        var fenced = owner.NextLogAsync("is over");
        var failed = Stopwatch.GetTimestamp();
        await cut();
        await SiteProcesses.PlacedAsync(others[0], one => one.Node.Length > 0 && one.Node != owner.Name, $"{what}: another owner");
        var takenOver = Stopwatch.GetTimestamp();
        Assert.True(fenced.IsCompletedSuccessfully, $"{what}: another node owns the channel, and the first owner has not stopped yet.");
        await traffic.FlowsAsync($"{what}: the next owner");
        await heal();
        await traffic.FlowsAsync($"{what}: after healing");

        await traffic.CheckAsync();
        Figures.PrintFailover(what, failed, traffic.Subscribers[0], takenOver);
    }
}
