using System.Net;
using Edge.Node.Hosting;
using Edge.Node.Tests.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Hosting;

public sealed class ClockStepTests
{
    [Theory]
    [InlineData(-1, "15 105 205")] // A block that would reach back in time is ended short.
    [InlineData(+1, "55 155")]
    public async Task A_clock_that_steps_by_an_hour_in_the_middle_of_a_block_loses_no_reading(int hours, string sums)
    {
        using var folder = new NodeFolder().WithSum();
        var time = new SteppingTime();
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        await using var node = await EdgeNode.StartAsync(
            new NodeOptions { Manifests = folder.Manifests, Data = folder.Data, Mqtt = loopback, Http = loopback, Peers = loopback, Announce = false }, time);
        using var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", node.Mqtt.Port).WithTimeout(Patience.Time).Build(), TestContext.Current.CancellationToken);
        var heard = new MessageQueue(client);
        await client.SubscribeAsync("sums", cancellationToken: TestContext.Current.CancellationToken);
        await client.SubscribeAsync("dead", cancellationToken: TestContext.Current.CancellationToken);

        for (var i = 1; i <= 25; i++)
        {
            if (i is 6 or 16) time.Step(TimeSpan.FromHours(hours));
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic("numbers").WithPayload($"{i}").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
                TestContext.Current.CancellationToken);
        }

        foreach (var sum in sums.Split(' ')) Assert.Equal(sum, (await heard.NextAsync($"the sum {sum}")).ConvertPayloadToString());
        await node.StopAsync();
    }

    /// <summary>The machine's clock, set back or forth; what is monotonic stays so.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long _ticks;

        public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
    }
}
