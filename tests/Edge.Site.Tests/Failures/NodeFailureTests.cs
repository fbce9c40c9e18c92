using System.Diagnostics;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Failures;

/// <summary>What happens to readings, outputs, the book and the channel when processes die, hang and come back.</summary>
[Collection(nameof(OneSite))]
public sealed class NodeFailureTests(SharedSite shared)
{
    [Fact]
    public async Task The_channels_owner_is_killed_and_another_node_goes_on()
    {
        var site = await shared.TakeAsync();
        var owner = site[(await site.AtRestAsync("before")).Node];
        await FailsOverAsync(site, owner, "owner killed", owner.KillAsync);
    }

    [Fact]
    public async Task The_leader_is_killed_while_it_owns_the_channel()
    {
        var site = await shared.TakeAsync();
        var leader = await site.LeaderAsync();
        await site.MoveAsync(leader);
        await FailsOverAsync(site, leader, "leader and owner killed", leader.KillAsync);
    }

    [Fact]
    public async Task The_leader_is_killed_and_the_channel_of_another_node_goes_on()
    {
        var site = await shared.TakeAsync();
        var leader = await site.LeaderAsync();
        await site.MoveAsync(site.Nodes.First(node => node != leader));
        await using var traffic = await Traffic.StartAsync(site, nameof(The_leader_is_killed_and_the_channel_of_another_node_goes_on), site.Nodes.Where(node => node != leader));

        await leader.KillAsync();
        await traffic.FlowsAsync("after the leader's death");
        await leader.StartAsync();
        traffic.Follow(leader);
        await traffic.FlowsAsync("after its return");

        await traffic.CheckAsync();
        Figures.Print("leader killed: longest gap in the outputs of another node's channel", Figures.LongestGap(traffic.Subscribers[0]));
        shared.GiveBack();
    }

    [Fact]
    public async Task The_owner_hangs_for_four_seconds_and_finds_itself_replaced()
    {
        var site = await shared.TakeAsync();
        var placed = await site.AtRestAsync("before");
        var owner = site[placed.Node];
        var others = site.Nodes.Where(node => node != owner).ToList();
        await using var traffic = await Traffic.StartAsync(site, nameof(The_owner_hangs_for_four_seconds_and_finds_itself_replaced), others);

        var hung = Stopwatch.GetTimestamp();
        await owner.PauseAsync();
        await SiteProcesses.PlacedAsync(others[0], one => one.Node.Length > 0 && one.Node != owner.Name, "another owner while the first one hangs");
        var takenOver = Stopwatch.GetTimestamp();
        await traffic.FlowsAsync("while the first owner hangs");
        await Task.Delay(TimeSpan.FromSeconds(4) - Stopwatch.GetElapsedTime(hung) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero, TestContext.Current.CancellationToken);
        await owner.ContinueAsync();
        await traffic.FlowsAsync("after it woke up");

        await traffic.CheckAsync();
        Figures.PrintFailover("owner paused", hung, traffic.Subscribers[0], takenOver);
        shared.GiveBack();
    }

    [Fact]
    public async Task A_follower_stops_in_an_orderly_way_and_comes_back_without_a_gap()
    {
        var site = await shared.TakeAsync();
        var placed = await site.AtRestAsync("before");
        var leader = await site.LeaderAsync();
        var follower = site.Nodes.First(node => node != leader && node.Name != placed.Node);
        await using var traffic = await Traffic.StartAsync(site, nameof(A_follower_stops_in_an_orderly_way_and_comes_back_without_a_gap), site.Nodes.Where(node => node != follower));

        var stopping = Stopwatch.GetTimestamp();
        Assert.Equal(0, await follower.StopAsync());
        Figures.Print("follower: orderly stop", Stopwatch.GetElapsedTime(stopping));
        await traffic.FlowsAsync("while the follower is away");
        await follower.StartAsync();
        traffic.Follow(follower);
        await traffic.FlowsAsync("after its return");

        await traffic.CheckAsync();
        Figures.Print("follower restarted: longest gap in the outputs", Figures.LongestGap(traffic.Subscribers[0]));
        shared.GiveBack();
    }

    [Fact]
    public async Task All_nodes_are_killed_at_once_while_they_write_and_come_back_with_everything()
    {
        var site = await shared.TakeAsync();
        await site.AtRestAsync("before");
        await using var traffic = await Traffic.StartAsync(site, nameof(All_nodes_are_killed_at_once_while_they_write_and_come_back_with_everything), site.Nodes);

        await Task.WhenAll(site.Nodes.Select(node => node.KillAsync()));
        var dark = Stopwatch.GetTimestamp();
        await Task.WhenAll(site.Nodes.Select(node => node.StartAsync()));
        foreach (var node in site.Nodes) traffic.Follow(node);
        await traffic.GoOnAsync(site.Nodes);
        await traffic.FlowsAsync("after all came back");
        Figures.Print("all killed: from the start of the processes to outputs for every producer", Stopwatch.GetElapsedTime(dark));

        await traffic.CheckAsync();
        shared.GiveBack();
    }

    [Fact]
    public async Task A_node_comes_back_at_another_address()
    {
        var site = await shared.TakeAsync();
        var placed = await site.AtRestAsync("before");
        var leader = await site.LeaderAsync();
        var moved = site.Nodes.First(node => node != leader && node.Name != placed.Node);
        await using var traffic = await Traffic.StartAsync(site, nameof(A_node_comes_back_at_another_address), site.Nodes.Where(node => node != moved));

        await moved.KillAsync();
        moved.Place = NodePlace.OnLoopback(SiteProcesses.NextNumber(), 1);
        var started = Stopwatch.GetTimestamp();
        await moved.StartAsync();
        traffic.Follow(moved);
        await traffic.FlowsAsync("after it moved");
        Figures.Print("another address: from the start until every reading flows", Stopwatch.GetElapsedTime(started));
        await site.AtRestAsync("after it moved");
        Figures.Print("another address: from the start until the site is at rest", Stopwatch.GetElapsedTime(started));

        await traffic.CheckAsync();
        shared.GiveBack();
    }

    [Fact(Skip = "Known defect: an older copy of a data folder gives numbers of its intake log a second time, and what is acknowledged under them is taken for processed.")]
    public async Task A_node_comes_back_with_yesterdays_data_folder()
    {
        var site = await shared.TakeAsync();
        var placed = await site.AtRestAsync("before");
        var leader = await site.LeaderAsync();
        var node = site.Nodes.First(node => node != leader && node.Name != placed.Node);
        await node.KillAsync();
        var yesterday = Path.Combine(site.Folder, "yesterday");
        await CopyAsync(node.Data, yesterday);
        await node.StartAsync();
        await site.AtRestAsync("with today's folder");
        await using var traffic = await Traffic.StartAsync(site, "yesterday", site.Nodes);

        await node.KillAsync();
        Directory.Delete(node.Data, recursive: true);
        Directory.Move(yesterday, node.Data);
        await node.StartAsync();
        traffic.Follow(node);
        await traffic.GoOnAsync(node);
        await traffic.FlowsAsync("with yesterday's folder");

        await traffic.CheckAsync();
        shared.GiveBack();
    }

    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, copy.ExitCode);
    }

    private async Task FailsOverAsync(SiteProcesses site, NodeProcess owner, string what, Func<Task> fail)
    {
        var others = site.Nodes.Where(node => node != owner).ToList();
        await using var traffic = await Traffic.StartAsync(site, what.Replace(' ', '-'), others);

        var failed = Stopwatch.GetTimestamp();
        await fail();
        await SiteProcesses.PlacedAsync(others[0], one => one.Node.Length > 0 && one.Node != owner.Name, $"{what}: another owner");
        var takenOver = Stopwatch.GetTimestamp();
        await traffic.FlowsAsync($"{what}: the next owner");
        await owner.StartAsync();
        traffic.Follow(owner);
        await traffic.FlowsAsync($"{what}: after the return");

        await traffic.CheckAsync();
        Figures.PrintFailover(what, failed, traffic.Subscribers[0], takenOver);
        shared.GiveBack();
    }
}
