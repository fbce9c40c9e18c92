using System.Text;
using Edge.Actors.Channels;
using Edge.Messages.Tenants;
using Edge.Node.Mqtt.Devices;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Mqtt;

/// <summary>A device sees only its tenant's topics, whatever it tries.</summary>
public sealed class TenantTests
{
    private static readonly TenantName A = new("a");
    private static readonly TenantName B = new("b");

    [Theory]
    [InlineData("#")]
    [InlineData("+/+/+")]
    [InlineData("hall/1")]
    public async Task Each_tenant_gets_its_own_messages_only(string filter)
    {
        await using var broker = await StartAsync();
        var ofA = await broker.ConnectAsync("same-id", "device-a", "password-a");
        var ofB = await broker.ConnectAsync("same-id", "device-b", "password-b");
        var root = await broker.ConnectAsync("same-id");
        var (seenByA, seenByB, seenByRoot) = (new MessageQueue(ofA), new MessageQueue(ofB), new MessageQueue(root));
        foreach (var client in new[] { ofA, ofB, root })
        {
            await client.SubscribeAsync(filter, cancellationToken: TestContext.Current.CancellationToken);
            await client.SubscribeAsync("end", cancellationToken: TestContext.Current.CancellationToken);
        }

        await broker.Broker.PublishAsync([Output(A, "hall/1"), Output(A, "end"), Output(B, "end"), Output(TenantName.Default, "end")]);

        if (filter == "hall/1" || filter == "#")
        {
            Assert.Equal("hall/1", (await seenByA.NextAsync()).Topic);
        }

        Assert.Equal("end", (await seenByA.NextAsync()).Topic);
        Assert.Equal("end", (await seenByB.NextAsync()).Topic);
        Assert.Equal("end", (await seenByRoot.NextAsync()).Topic);
    }

    [Fact]
    public async Task A_reading_and_a_retained_message_keep_the_tenants_own_topic()
    {
        await using var broker = await StartAsync();
        var device = await broker.ConnectAsync("device", "device-a", "password-a");
        await device.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("hall/1").WithPayload("1").WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            TestContext.Current.CancellationToken);
        var reading = await broker.Intake.NextAsync();
        Assert.Equal(("a", "hall/1", "device"), (reading.Tenant, reading.Topic, reading.ClientId));

        var later = await broker.ConnectAsync("later", "device-a", "password-a");
        var received = new MessageQueue(later);
        await later.SubscribeAsync("hall/+", cancellationToken: TestContext.Current.CancellationToken);
        var message = await received.NextAsync();
        Assert.Equal(("hall/1", true), (message.Topic, message.Retain));
    }

    [Fact]
    public async Task A_will_reaches_the_own_tenant()
    {
        await using var broker = await StartAsync();
        var watcher = await broker.ConnectAsync("watcher", "device-a", "password-a");
        var seen = new MessageQueue(watcher);
        await watcher.SubscribeAsync("gone/#", cancellationToken: TestContext.Current.CancellationToken);
        var mortal = broker.Client();
        await mortal.ConnectAsync(
            broker.Options().WithClientId("mortal").WithCredentials("device-a", "password-a").WithWillTopic("gone/mortal").WithWillPayload("1").Build(), TestContext.Current.CancellationToken);

        mortal.Dispose();

        Assert.Equal("gone/mortal", (await seen.NextAsync("the will")).Topic);
    }

    [Theory]
    [InlineData("$tenant/a/#", MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData("$SYS/#", MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData("$share/g/hall", MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported)]
    [InlineData("a/#/b", MqttClientSubscribeResultCode.TopicFilterInvalid)]
    public async Task Filters_that_are_not_for_clients_are_refused(string filter, MqttClientSubscribeResultCode expected)
    {
        await using var broker = await StartAsync();
        foreach (var client in new[] { await broker.ConnectAsync("root"), await broker.ConnectAsync("b", "device-b", "password-b") })
        {
            // The client library checks filters too, and would not send some of these.
            if (filter == "a/#/b")
            {
                Assert.Equal(Node.Mqtt.Subscriptions.Judge(filter), MqttSubscribeReasonCode.TopicFilterInvalid);
                continue;
            }

            var answer = await client.SubscribeAsync(filter, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(expected, Assert.Single(answer.Items).ResultCode);
        }
    }

    [Fact]
    public async Task Topics_that_are_not_for_clients_are_refused()
    {
        await using var broker = await StartAsync();
        var client = await broker.ConnectAsync("root");

        var answer = await client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("$tenant/a/hall").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, answer.ReasonCode);
        Assert.Empty(broker.Intake.Taken);
    }

    [Fact]
    public async Task An_output_carries_its_message_id()
    {
        await using var broker = await StartAsync();
        var client = await broker.ConnectAsync("root");
        var received = new MessageQueue(client);
        await client.SubscribeAsync("#", cancellationToken: TestContext.Current.CancellationToken);

        await broker.Broker.PublishAsync([Output(TenantName.Default, "x")]);

        Assert.Equal("default/c/k/1", (await received.NextAsync()).UserProperties.Single(property => property.Name == "edge-id").ReadValueAsString());
    }

    private static async Task<BrokerFixture> StartAsync()
    {
        var broker = await BrokerFixture.StartAsync();
        broker.Devices.Write([
            new("device-a", A, PasswordHash.Of("password-a"u8)),
            new("device-b", B, PasswordHash.Of("password-b"u8)),
        ]);
        return broker;
    }

    private static OutboundMessage Output(TenantName tenant, string topic) =>
        new(tenant, topic, Encoding.UTF8.GetBytes("1"), Qos: 0, Retain: false, MessageId: "default/c/k/1", TraceParent: null, null);
}
