using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Mqtt;

/// <summary>Between a PUBLISH and its PUBACK stands the intake log.</summary>
public sealed class CommitPointTests
{
    [Fact]
    public async Task A_qos_1_message_is_acknowledged_only_after_the_flush()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var device = await broker.ConnectAsync("device");
        broker.Intake.HoldFlush();

        var published = device.PublishAsync(Message("a", MqttQualityOfServiceLevel.AtLeastOnce), TestContext.Current.CancellationToken);
        await broker.Intake.NextAsync();

        // The disk holds back the PUBACK and nothing else; and a PUBACK sent too early would be here before this answer.
        await device.PingAsync(TestContext.Current.CancellationToken);
        Assert.False(published.IsCompleted);
        broker.Intake.Flush();
        var answer = await Patience.For(published, "the PUBACK");
        Assert.Equal(MqttClientPublishReasonCode.Success, answer.ReasonCode);
    }

    [Fact]
    public async Task A_failed_flush_ends_the_connection_without_an_acknowledgement()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var device = await broker.ConnectAsync("device");
        var disconnected = Disconnected(device);
        broker.Intake.HoldFlush();

        var published = device.PublishAsync(Message("a", MqttQualityOfServiceLevel.AtLeastOnce), TestContext.Current.CancellationToken);
        await broker.Intake.NextAsync();
        broker.Intake.FailFlush();

        Assert.Equal(MqttClientDisconnectReason.ServerBusy, await Patience.For(disconnected, "the disconnect"));
        await Assert.ThrowsAnyAsync<Exception>(() => published);
    }

    [Fact]
    public async Task A_reading_that_the_log_refuses_is_neither_acknowledged_nor_passed_to_subscribers()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var subscriber = await broker.ConnectAsync("subscriber");
        var received = new MessageQueue(subscriber);
        await subscriber.SubscribeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
        var device = await broker.ConnectAsync("device");
        var disconnected = Disconnected(device);
        broker.Intake.Failure = new("The disk is full.");

        var published = device.PublishAsync(Message("a", MqttQualityOfServiceLevel.AtLeastOnce), TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientDisconnectReason.ServerBusy, await Patience.For(disconnected, "the disconnect"));
        await Assert.ThrowsAnyAsync<Exception>(() => published);
        Assert.True(received.IsEmpty);
    }

    [Fact]
    public async Task A_qos_2_duplicate_is_taken_and_delivered_once()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var subscriber = await broker.ConnectAsync("subscriber");
        var received = new MessageQueue(subscriber);
        await subscriber.SubscribeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
        using var device = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        await device.SendAsync(RawClient.Connect("d"));
        await device.ReadAsync(4);

        await device.SendAsync(0x34, 6, 0, 1, (byte)'a', 0, 7, (byte)'x');
        Assert.Equal([0x50, 2, 0, 7], await device.ReadAsync(4));
        await device.SendAsync(0x3C, 6, 0, 1, (byte)'a', 0, 7, (byte)'x');
        Assert.Equal([0x50, 2, 0, 7], await device.ReadAsync(4));
        await device.SendAsync(0x62, 2, 0, 7);
        Assert.Equal([0x70, 2, 0, 7], await device.ReadAsync(4));

        // Released: the same id is another message now.
        await device.SendAsync(0x34, 6, 0, 1, (byte)'a', 0, 7, (byte)'y');
        Assert.Equal([0x50, 2, 0, 7], await device.ReadAsync(4));
        Assert.Equal(["x", "y"], broker.Intake.Taken.Select(reading => reading.Payload.ToStringUtf8()));
        Assert.Equal("x", (await received.NextAsync()).ConvertPayloadToString());
        Assert.Equal("y", (await received.NextAsync()).ConvertPayloadToString());
    }

    [Fact]
    public async Task Sockets_of_qos_1_producers_are_not_read_while_the_node_has_no_room()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var device = await broker.ConnectAsync("device");
        broker.Intake.HoldRoom();

        var waiting = device.PublishAsync(Message("a", MqttQualityOfServiceLevel.AtLeastOnce), TestContext.Current.CancellationToken);
        var other = await broker.ConnectAsync("other");
        await other.PublishAsync(Message("b", MqttQualityOfServiceLevel.AtMostOnce), TestContext.Current.CancellationToken);
        Assert.Equal("b", (await broker.Intake.NextAsync()).Topic);
        Assert.False(waiting.IsCompleted);

        broker.Intake.GiveRoom();
        await Patience.For(waiting, "the PUBACK");
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task A_reading_carries_what_the_device_sent(MqttProtocolVersion version)
    {
        await using var broker = await BrokerFixture.StartAsync();
        var device = await broker.ConnectAsync("device", version: version);

        await device.PublishAsync(Message("hall/1/temperature", MqttQualityOfServiceLevel.AtLeastOnce, "21.5"), TestContext.Current.CancellationToken);

        var reading = await broker.Intake.NextAsync();
        Assert.Equal(("default", "hall/1/temperature", "21.5", 1u, "device"), (reading.Tenant, reading.Topic, reading.Payload.ToStringUtf8(), reading.Qos, reading.ClientId));
        Assert.NotEqual(0, reading.ArrivalUs);
    }

    private static Task<MqttClientDisconnectReason> Disconnected(IMqttClient client)
    {
        var disconnected = new TaskCompletionSource<MqttClientDisconnectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += ended =>
        {
            disconnected.TrySetResult(ended.Reason);
            return Task.CompletedTask;
        };
        return disconnected.Task;
    }

    private static MqttApplicationMessage Message(string topic, MqttQualityOfServiceLevel qos, string payload = "x") =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(qos).Build();
}
