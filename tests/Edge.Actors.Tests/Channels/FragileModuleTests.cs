using Edge.Actors.Channels;
using Edge.Actors.Diagnostics;
using Edge.Messages.Tenants;

namespace Edge.Actors.Tests.Channels;

/// <summary>Modules that fault where a module should not: while its state is taken, and while it is brought back.</summary>
public sealed class FragileModuleTests
{
    [Fact]
    public async Task A_snapshot_that_traps_is_tried_again_and_no_output_is_lost_or_doubled()
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 3; i++) node.Send("m");
        await node.Happened<EdgeEvent.CommitFailed>(failed => failed.ToString()!.Contains("gave no snapshot", StringComparison.Ordinal));

        node.Send("m");

        await node.Committed(4);
        Assert.Equal(["1", "2", "3", "4"], node.Received.TextsOn("out"));
        AssertIdsAreDistinct(node);
    }

    [Fact]
    public async Task Readings_whose_replay_faults_again_and_again_are_given_up_and_the_rest_goes_on()
    {
        // Captured after these twenty and not again: what follows is fewer, and the time is far off.
        const int captured = 20;
        await using var node = await StartAsync(new() { Readings = captured, Every = TimeSpan.FromHours(1) });
        for (var i = 0; i < captured; i++) node.Send("m");
        await node.Committed(captured);
        const int fragile = ChannelPipeline.ReplayFaultsMax + 4;
        for (var i = 0; i < fragile; i++) node.Send("R");
        node.Send("X");
        node.Send("m");
        await node.Received.Count("out", captured + fragile + 1);
        await node.Received.Count("dead", fragile + 1);

        Assert.Equal([.. Enumerable.Range(1, captured + fragile).Select(i => $"{i}"), $"{captured + 1}"], node.Received.TextsOn("out"));
        AssertIdsAreDistinct(node);
        var dropped = node.Status.Counts.Dropped;
        Assert.True(dropped["replay"] > 0);
        Assert.Equal(fragile + 1, dropped["poison"] + dropped["replay"]);
    }

    private static void AssertIdsAreDistinct(TestNode node)
    {
        var outputs = node.Received.On("out");
        Assert.Equal(outputs.Count, outputs.Select(output => output.MessageId).Distinct().Count());
    }

    private static Task<TestNode> StartAsync(CommitSpec? commit = null) => TestNode.StartAsync(
        [TestNode.Counting() with { Module = new(TenantName.Default, "Fragile"), Commit = commit ?? TestNode.Counting().Commit }], modules: [TestNode.Module("Channels/Fragile.wat", "count")]);
}
