using System.Text;
using Edge.Actors.Channels;
using Edge.Actors.Diagnostics;
using Edge.Messages.Channels;
using Edge.Messages.Tenants;

namespace Edge.Actors.Tests.Intake;

/// <summary>What a channel sends is what another takes in: a device's message goes to <c>counts</c>, and what that says to <c>again</c>.</summary>
public sealed class ChannelFeedTests
{
    private static readonly ChannelId Again = TestNode.Channel("again");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_a_channel_sends_goes_into_the_channels_that_take_its_topic(byte qos)
    {
        await using var node = await TestNode.StartAsync(Chain(qos));
        for (var i = 0; i < 500; i++) node.Send("m");

        await node.Received.Count("end", 500);

        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"{i}"), node.Received.TextsOn("end"));
        Assert.Equal(500, node.Received.On("out").Count);
    }

    [Fact]
    public async Task Another_tenants_channel_takes_none_of_it()
    {
        var other = Chain(1)[1] with { Id = new(new TenantName("other"), "again"), Module = new(new TenantName("other"), "Counter") };
        await using var node = await TestNode.StartAsync(
            [Chain(1)[0], other], modules: [TestNode.Module("Channels/Counter.wat", "count"), TestNode.Module("Channels/Counter.wat", "count") with { Id = other.Module }],
            tenants: [new() { Name = TenantName.Default }, new() { Name = other.Id.Tenant }]);
        for (var i = 0; i < 10; i++) node.Send("m");
        await node.Received.Count("out", 10);

        Assert.True(await node.System.DrainAsync(TestNode.Patience));

        Assert.Empty(node.Received.On("end"));
    }

    [Fact]
    public async Task A_drain_also_processes_what_channels_sent_to_channels()
    {
        await using var node = await TestNode.StartAsync([.. Chain(0), Link("third", "end", "last", 0)]);
        for (var i = 0; i < 300; i++) node.Send("m", qos: 0);

        Assert.True(await node.System.DrainAsync(TestNode.Patience));

        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"{i}"), node.Received.TextsOn("last"));
    }

    [Fact]
    public async Task After_a_crash_what_comes_again_with_its_id_is_not_taken_twice()
    {
        await using var first = await TestNode.StartAsync(Chain(1));
        long sent = 0;
        for (var i = 0; i < 5; i++) sent = first.Send("m");
        await first.Received.Count("end", 5);
        await first.Happened<EdgeEvent.ChannelCommitted>(c => c.Channel == TestNode.Channel("counts") && c.Position["local"] >= sent);
        first.Forget();
        for (var i = 0; i < 3; i++) first.Send("m");
        await first.Received.Count("end", 8);
        await first.System.StopAsync(TestNode.Patience);
        first.Store.Full = false;

        // Sent once more by the first channel, counted once by the second.
        await using var second = await TestNode.StartAsync(Chain(1), disksOf: first);
        second.Send("m");
        await second.Received.Until("the ninth count", all => all.Any(m => m.Topic == "end" && Encoding.UTF8.GetString(m.Payload.Span) == "9"));

        Assert.Equal(["6", "7", "8", "9"], second.Received.TextsOn("out"));
        Assert.Equal("9", second.Received.TextsOn("end")[^1]);
        Assert.Equal(second.Received.On("end").Count, second.Received.On("end").Select(m => m.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task While_the_log_takes_nothing_the_sender_waits_and_loses_nothing()
    {
        await using var node = await TestNode.StartAsync(Chain(1));
        node.Send("m");
        await node.Received.Count("end", 1);
        node.Log.Refuses = true;
        node.Send("m", qos: 0);
        await node.Received.Count("out", 2);
        Assert.Single(node.Received.On("end"));

        node.Log.Refuses = false;

        await node.Received.Count("end", 2);
        Assert.Equal(["1", "2"], node.Received.TextsOn("end"));
    }

    [Fact]
    public async Task A_stop_while_the_log_takes_nothing_leaves_the_sender_uncommitted()
    {
        await using var first = await TestNode.StartAsync(Chain(1));
        first.Send("m");
        await first.Received.Count("end", 1);
        first.Log.RefusesAfter = first.Log.Last + 1;
        first.Send("m");
        await first.Received.Count("out", 2);
        await first.System.StopAsync(TestNode.Patience);
        first.Log.RefusesAfter = null;

        await using var second = await TestNode.StartAsync(Chain(1), disksOf: first);

        await second.Received.Until("the second count", all => all.Any(m => m.Topic == "end" && Encoding.UTF8.GetString(m.Payload.Span) == "2"));
        Assert.Equal("2", second.Received.TextsOn("end")[^1]);
    }

    private static ChannelSpec[] Chain(byte qos) => [Link("counts", "in/#", "out", qos), Link("again", "out", "end", qos)];

    private static ChannelSpec Link(string name, string from, string to, byte qos) => TestNode.Counting() with
    {
        Id = TestNode.Channel(name),
        Topic = from,
        Ports = new Dictionary<string, PortSpec> { ["count"] = new() { Topic = to, Format = PortFormat.Csv, Type = Wasm.Instances.SampleType.I32, Qos = qos } },
    };
}
