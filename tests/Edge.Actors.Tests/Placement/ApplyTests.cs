using Edge.Actors.Channels;
using Edge.Actors.Diagnostics;
using Edge.Actors.Placement;
using Edge.Messages.Book;

namespace Edge.Actors.Tests.Placement;

/// <summary>A site that changes while it runs, on one node.</summary>
public sealed class ApplyTests
{
    private static readonly ChannelOwner Here = new("local", At(5));

    [Fact]
    public async Task A_channel_that_stays_as_it_is_runs_on_untouched_while_another_is_added()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        node.Send("m");
        await node.Received.Count("out", 1);

        var other = Other();
        var applied = await node.System.ApplyAsync(node.Site(TestNode.Counting(), other), PlacementTable.SingleNode("local", node.Site(TestNode.Counting(), other)));
        node.Send("m");
        await node.Received.Count("out", 2);
        await node.Received.Count("out2", 2);

        Assert.Empty(applied.Released);
        Assert.Single(node.Events.OfType<EdgeEvent.ChannelStarted>(), e => e.Channel == TestNode.Channel());
        Assert.Equal(["1", "2"], node.Received.TextsOn("out2"));
    }

    [Fact]
    public async Task A_channel_whose_declaration_changed_goes_on_from_its_state()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        for (var i = 0; i < 10; i++) node.Send("m");

        var renamed = TestNode.Counting() with { Ports = Ports("elsewhere") };
        await node.System.ApplyAsync(node.Site(renamed), PlacementTable.SingleNode("local", node.Site(renamed)));
        node.Send("m");
        await node.Received.Until("11 outputs", all => all.Count == 11);

        Assert.Equal(Enumerable.Range(1, 11).Select(i => $"{i}"), node.Received.Messages.Select(m => System.Text.Encoding.UTF8.GetString(m.Payload.Span)));
        Assert.Equal("11", node.Received.TextsOn("elsewhere")[^1]);
    }

    [Fact]
    public async Task A_new_topic_of_a_channel_counts_for_readings_that_come_after_it()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        node.Send("m");
        await node.Committed(1);
        var moved = TestNode.Counting() with { Topic = "there/#" };

        await node.System.ApplyAsync(node.Site(moved), PlacementTable.SingleNode("local", node.Site(moved)));
        node.Send("m");
        node.Send("m", topic: "there/a");

        await node.Received.Count("out", 2);
        await node.Committed(3);
        Assert.Equal(["1", "2"], node.Received.TextsOn("out"));
    }

    [Fact]
    public async Task A_channel_that_another_node_owns_commits_stops_and_its_readings_stay_in_the_log()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        for (var i = 0; i < 5; i++) node.Send("m");
        await node.Received.Count("out", 5);

        var applied = await node.System.ApplyAsync(node.Site(TestNode.Counting()), Table(new ChannelOwner("far", At(6))));
        for (var i = 0; i < 3; i++) node.Send("m");

        var released = Assert.Single(applied.Released);
        Assert.Null(released.Problem);
        Assert.Equal(5, released.Position["local"]);
        Assert.Empty(node.System.Status.Channels);
        Assert.Equal(3, node.System.Intake.Lag(TestNode.Channel()));
        await node.Log.Trimmed(5);
        Assert.Equal([6L, 7, 8], node.Log.Read(0, 10).Select(r => r.Sequence));
    }

    [Fact]
    public async Task A_channel_that_is_placed_nowhere_holds_the_log_until_it_runs()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()], placements: PlacementTable.Nowhere);
        for (var i = 0; i < 3; i++) node.Send("m");
        node.System.Intake.Trim();
        Assert.Equal(3, node.Log.Read(0, 10).Count);

        await node.System.ApplyAsync(node.Site(TestNode.Counting()), Table(Here));

        await node.Received.Count("out", 3);
        await node.Log.Trimmed(3);
    }

    [Fact]
    public async Task A_channel_that_is_no_longer_declared_holds_the_log_no_more()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()], placements: PlacementTable.Nowhere);
        for (var i = 0; i < 3; i++) node.Send("m");

        await node.System.ApplyAsync(node.Site(), PlacementTable.Nowhere);

        await node.Log.Trimmed(3);
    }

    [Fact]
    public async Task A_channel_comes_back_to_the_node_with_the_state_that_it_left()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()], placements: Table(Here));
        for (var i = 0; i < 5; i++) node.Send("m");
        await node.Received.Count("out", 5);
        await node.System.ApplyAsync(node.Site(TestNode.Counting()), Table(new ChannelOwner("", At(6))));
        node.Send("m");

        await node.System.ApplyAsync(node.Site(TestNode.Counting()), Table(new ChannelOwner("local", At(7))));

        await node.Received.Count("out", 6);
        Assert.Equal("6", node.Received.TextsOn("out")[^1]);
    }

    [Fact]
    public async Task An_owner_whose_state_was_committed_under_a_later_epoch_does_not_start()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()], placements: Table(Here));
        node.Send("m");
        await node.Committed(1);
        await node.System.StopAsync(TestNode.Patience);

        await using var late = await TestNode.StartAsync([TestNode.Counting()], disksOf: node, placements: Table(new ChannelOwner("local", At(4))));

        var health = await late.Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.Failed);
        Assert.Contains("epoch 1.5", health.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_changed_takes_its_channels_with_it_and_one_that_went_is_gone()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        node.Send("m");
        await node.Received.Count("out", 1);
        var changed = new SiteManifest([new() { Name = Messages.Tenants.TenantName.Default }], [TestNode.Module("Channels/Counter.wat", "count")], [TestNode.Counting()]);

        await node.System.ApplyAsync(changed, PlacementTable.SingleNode("local", changed));
        node.Send("m");

        await node.Received.Count("out", 2);
        Assert.Equal(["1", "2"], node.Received.TextsOn("out"));
        Assert.Equal(["default/Counter"], node.System.Status.Modules.Select(m => m.Id.ToString()));
        Assert.Equal(2, node.Events.OfType<EdgeEvent.ModuleReady>().Count(m => m.Module.Name == "Counter"));
    }

    [Fact]
    public async Task Readings_that_come_while_channels_change_are_all_counted_once()
    {
        var (one, two) = (TestNode.Counting(), TestNode.Counting() with { Queue = new() { Max = 100 } });
        await using var node = await TestNode.StartAsync([one]);
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < 3_000; i++) node.Send("m");
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 10; i++)
        {
            var site = node.Site(i % 2 == 0 ? two : one);
            await node.System.ApplyAsync(site, PlacementTable.SingleNode("local", site));
        }

        await sending;
        await node.Committed(3_000);

        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => $"{i}"), node.Received.TextsOn("out"));
    }

    [Fact]
    public async Task A_channel_that_is_fenced_ends_at_once_and_goes_on_from_its_commit_under_another_epoch()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()], placements: Table(Here));
        for (var i = 0; i < 5; i++) node.Send("m");
        await node.Committed(5);

        await node.System.FenceAsync([TestNode.Channel()], "The lease has run out.");
        Assert.Equal((ChannelState.Failed, "The lease has run out."), (node.Status.State, node.Status.Reason));
        node.Send("m");
        await node.System.ApplyAsync(node.Site(TestNode.Counting()), Table(new ChannelOwner("local", At(6))));

        await node.Received.Count("out", 6);
        Assert.Equal("6", node.Received.TextsOn("out")[^1]);
    }

    [Fact]
    public void What_changed_is_told_by_what_is_written_not_by_who_wrote_it()
    {
        var (before, after) = (Manifest(TestNode.Counting(), Other()), Manifest(TestNode.Counting(), Other() with { RateHz = 5 }));
        var table = PlacementTable.SingleNode("local", before);

        var change = SiteChange.Between(before, table, after, PlacementTable.SingleNode("local", after), "local");

        Assert.Equal([TestNode.Channel("other")], change.Restarts);
        Assert.Empty(change.Starts);
        Assert.Empty(change.Stops);
        Assert.Empty(SiteChange.ChangedModules(before, after));
    }

    [Fact]
    public void Another_standby_is_told_to_a_running_channel_and_another_epoch_begins_it_anew()
    {
        var site = Manifest(TestNode.Counting());
        Assert.Equal([TestNode.Channel()], SiteChange.Between(site, Table(Here), site, Table(Here with { Standby = "far" }), "local").Retargets);
        Assert.Equal([TestNode.Channel()], SiteChange.Between(site, Table(Here), site, Table(Here with { Epoch = At(6) }), "local").Restarts);
        Assert.Equal([(TestNode.Channel(), "far")], SiteChange.Between(site, Table(Here), site, Table(Here with { MovingTo = "far" }), "local").Stops);
    }

    private static SiteManifest Manifest(params ChannelSpec[] channels) => new(
        [new() { Name = Messages.Tenants.TenantName.Default }],
        [new() { Id = new(Messages.Tenants.TenantName.Default, "Counter"), File = "/modules/counter.wasm", Ports = [.. new[] { "count" }], Config = new byte[] { 1 } }], channels);

    internal static Epoch At(ulong index) => new() { Incarnation = 1, Index = index };

    private static PlacementTable Table(ChannelOwner owner) => new(new Dictionary<Messages.Channels.ChannelId, ChannelOwner> { [TestNode.Channel()] = owner }, ["local"]);

    private static ChannelSpec Other() => TestNode.Counting() with { Id = TestNode.Channel("other"), Ports = Ports("out2") };

    private static Dictionary<string, PortSpec> Ports(string topic) =>
        new() { ["count"] = new() { Topic = topic, Format = PortFormat.Csv, Type = Wasm.Instances.SampleType.I32 } };
}
