using System.Text;
using Edge.Node.Tests.Hosting;
using Edge.Node.Tests.Mqtt;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Site;

/// <summary>A trace that a producer began crosses nodes, also where nobody collects traces.</summary>
[Collection("sites of processes")]
public sealed class SiteTraceTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_reading_taken_by_one_node_and_processed_by_another_keeps_its_trace_to_the_subscriber()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await site.StartAsync("n1", manifests: folder.Manifests);
        await site.StartAsync("n2", through: "n1");
        await site.UntilOwnedAsync("n2", "default/counts", "n1");
        await TestSite.CliAsync("node", "drain", "n1", "--no-wait", "--data", site.Data("n2"));
        await site.UntilOwnedAsync("n2", "default/counts", "n2");

        var client = await site["n1"].ConnectAsync("client");
        var outputs = new MessageQueue(client);
        await client.SubscribeAsync("out/#", cancellationToken: TestContext.Current.CancellationToken);
        await client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("in/a").WithPayload("x").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithUserProperty("seq", "1"u8.ToArray().AsMemory())
                .WithUserProperty("traceparent", Encoding.UTF8.GetBytes($"00-{TraceId}-b7ad6b7169203331-01").AsMemory())
                .WithUserProperty("tracestate", "rojo=00f067aa0ba902b7"u8.ToArray().AsMemory()).Build(),
            TestContext.Current.CancellationToken);

        var output = await outputs.NextAsync("the output, by way of n2");
        Assert.Contains(TraceId, output.UserProperties.Single(property => property.Name == "traceparent").ReadValueAsString(), StringComparison.Ordinal);
        Assert.Equal("rojo=00f067aa0ba902b7", output.UserProperties.Single(property => property.Name == "tracestate").ReadValueAsString());
    }
}
