using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Edge.Node.Tests.Mqtt;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Hosting;

/// <summary>From a device's PUBLISH to a subscriber's message, through a module, with everything real.</summary>
public sealed class EndToEndTests
{
    [Fact]
    public async Task Messages_go_through_the_module_in_order()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder);
        var results = await SubscribeAsync(node, "out/count");
        var device = await node.ConnectAsync("device");

        for (var i = 1; i <= 100; i++)
        {
            await PublishAsync(device, "in/a", "x", i);
        }

        for (var i = 1; i <= 100; i++)
        {
            Assert.Equal(i, Count(await results.NextAsync($"result {i}")));
        }

        Assert.Equal(0, await node.StopAsync());
        Assert.DoesNotContain("error", node.Process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_9_loses_nothing_acknowledged_and_counts_nothing_twice()
    {
        const int messages = 600;
        const int killAfter = 300;
        using var folder = new NodeFolder().WithCounter();
        var byId = new Dictionary<string, long>(StringComparer.Ordinal);
        await using (var first = await NodeProcess.StartAsync(folder))
        {
            var results = await SubscribeAsync(first, "out/count");
            var device = await first.ConnectAsync("device");
            for (var i = 1; i <= killAfter; i++)
            {
                await PublishAsync(device, "in/a", "x", i);
            }

            // Some results have come, the newest commit is somewhere behind, and the rest of what was acknowledged is in the log only.
            Note(byId, await results.NextAsync());
            await first.Process.KillAsync();
            while (!results.IsEmpty)
            {
                Note(byId, await results.NextAsync());
            }
        }

        await using var second = await NodeProcess.StartAsync(folder);
        var later = await SubscribeAsync(second, "out/count");
        var again = await second.ConnectAsync("device");

        // A device that does not know what arrived sends the last ones again: their sequence tells.
        for (var i = killAfter - 50; i <= messages; i++)
        {
            await PublishAsync(again, "in/a", "x", i);
        }

        long last;
        do
        {
            last = Note(byId, await later.NextAsync("the remaining results"));
        }
        while (last < messages);

        Assert.Equal(messages, last);
        Assert.Equal(byId.Count, byId.Values.Distinct().Count());
    }

    [Fact]
    public async Task Sigterm_in_the_middle_of_a_block_keeps_the_open_block()
    {
        using var folder = new NodeFolder().WithSum();
        await using (var first = await NodeProcess.StartAsync(folder))
        {
            var device = await first.ConnectAsync("device");
            for (var i = 1; i <= 5; i++)
            {
                await PublishAsync(device, "numbers", $"{i}");
            }

            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await NodeProcess.StartAsync(folder);
        var sums = await SubscribeAsync(second, "sums");
        var again = await second.ConnectAsync("device");
        for (var i = 6; i <= 10; i++)
        {
            await PublishAsync(again, "numbers", $"{i}");
        }

        Assert.Equal("55", (await sums.NextAsync()).ConvertPayloadToString());
    }

    [Fact]
    public async Task A_message_that_traps_the_module_goes_to_the_dead_letters_and_the_rest_goes_on()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder);
        var results = await SubscribeAsync(node, "out/count");
        var dead = await SubscribeAsync(node, "dead");
        var device = await node.ConnectAsync("device");

        for (var i = 1; i <= 1000; i++)
        {
            await PublishAsync(device, "in/a", i == 500 ? "!poison" : "x", i);
        }

        for (var i = 1; i <= 999; i++)
        {
            Assert.Equal(i, Count(await results.NextAsync($"result {i}")));
        }

        Assert.Contains("trap", (await dead.NextAsync("the dead letter")).ConvertPayloadToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("hello")]
    [InlineData("{\"v\": 1}")]
    [InlineData("")]
    public async Task A_payload_that_is_no_number_goes_to_the_dead_letters_and_the_block_goes_on(string bad)
    {
        using var folder = new NodeFolder().WithSum();
        await using var node = await NodeProcess.StartAsync(folder);
        var sums = await SubscribeAsync(node, "sums");
        var dead = await SubscribeAsync(node, "dead");
        var device = await node.ConnectAsync("device");

        await PublishAsync(device, "numbers", bad);
        for (var i = 1; i <= 10; i++)
        {
            await PublishAsync(device, "numbers", $"{i}");
        }

        Assert.Equal("55", (await sums.NextAsync()).ConvertPayloadToString());
        Assert.Contains("numbers", (await dead.NextAsync("the dead letter")).ConvertPayloadToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_feeds_two_channels()
    {
        using var folder = new NodeFolder().WithCounter().WithCounter("more", "out/more");
        await using var node = await NodeProcess.StartAsync(folder);
        var results = await SubscribeAsync(node, "out/count");
        var more = await SubscribeAsync(node, "out/more");
        var device = await node.ConnectAsync("device");

        await PublishAsync(device, "in/a", "x", 1);
        await PublishAsync(device, "in/a", "x", 2);

        foreach (var queue in new[] { results, more })
        {
            Assert.Equal(1, Count(await queue.NextAsync()));
            Assert.Equal(2, Count(await queue.NextAsync()));
        }
    }

    [Fact]
    public async Task Kill_9_between_two_channels_loses_nothing_and_counts_nothing_twice()
    {
        const int messages = 400;
        using var folder = new NodeFolder().WithCounter(format: "csv").WithCounter("again", "out/again", source: "out/count", sequence: "");
        await using (var first = await NodeProcess.StartAsync(folder))
        {
            var results = await SubscribeAsync(first, "out/again");
            var device = await first.ConnectAsync("device");
            for (var i = 1; i <= messages / 2; i++)
            {
                await PublishAsync(device, "in/a", "x", i);
            }

            // What the first channel sent is on its way into the second.
            await results.NextAsync();
            await first.Process.KillAsync();
        }

        await using var second = await NodeProcess.StartAsync(folder);
        var later = await SubscribeAsync(second, "out/again");
        var again = await second.ConnectAsync("device");
        for (var i = (messages / 2) + 1; i <= messages; i++)
        {
            await PublishAsync(again, "in/a", "x", i);
        }

        long last = 0;
        do
        {
            last = Count(await later.NextAsync($"the second channel to count to {messages}, and not only to {last}"));
        }
        while (last < messages);

        // Were something taken twice there would be more to come.
        Assert.Equal(0, await second.StopAsync());
        Assert.True(later.IsEmpty);
        Assert.Equal(messages, last);
    }

    private static async Task<MessageQueue> SubscribeAsync(NodeProcess node, string filter)
    {
        var client = await node.ConnectAsync($"subscriber {filter}".Replace('/', ' '));
        var queue = new MessageQueue(client);
        await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
        return queue;
    }

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient device, string topic, string payload, int? sequence = null)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (sequence is { } number)
        {
            message.WithUserProperty("seq", Encoding.UTF8.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)).AsMemory());
        }

        return device.PublishAsync(message.Build(), TestContext.Current.CancellationToken);
    }

    private static long Count(MqttApplicationMessage message) => BinaryPrimitives.ReadInt64LittleEndian(message.Payload.ToArray());

    // The same id always carries the same result: that is what lets a consumer drop the second copy.
    private static long Note(Dictionary<string, long> byId, MqttApplicationMessage message)
    {
        var id = message.UserProperties.Single(property => property.Name == "edge-id").ReadValueAsString();
        var count = Count(message);
        Assert.Equal(count, byId.TryAdd(id, count) ? count : byId[id]);
        return count;
    }
}
