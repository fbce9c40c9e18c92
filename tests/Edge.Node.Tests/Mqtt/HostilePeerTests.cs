using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Mqtt;

/// <summary>Peers that break the protocol or try to cost much. The memory of 256 MB headers is watched in Hosting, in a process of its own.</summary>
public sealed class HostilePeerTests
{
    public static TheoryData<string, byte[]> BeforeSignIn => new()
    {
        { "announces 256 MB", [0x10, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "length of five bytes", [0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] },
        { "first packet is a PUBLISH", [0x30, 4, 0, 1, (byte)'a', 1] },
        { "reserved bits of CONNECT", [0x11, 12, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 0, 0, 0] },
        { "unknown protocol", [0x10, 12, 0, 4, (byte)'H', (byte)'T', (byte)'T', (byte)'P', 4, 2, 0, 0, 0, 0] },
        { "truncated CONNECT", [0x10, 3, 0, 4, (byte)'M'] },
    };

    [Theory]
    [MemberData(nameof(BeforeSignIn))]
    public async Task A_peer_that_breaks_the_protocol_is_closed(string what, byte[] bytes)
    {
        Assert.NotEmpty(what);
        await using var broker = await BrokerFixture.StartAsync();
        using var peer = await RawClient.ConnectAsync(broker.Broker.EndPoint);

        await peer.SendAsync(bytes);

        await peer.ClosedAsync();
        await StillWorksAsync(broker);
    }

    public static TheoryData<string, byte[]> AfterSignIn => new()
    {
        { "second CONNECT", RawClient.Connect("again") },
        { "empty topic", [0x30, 3, 0, 0, 1] },
        { "wildcard in a topic", [0x30, 4, 0, 1, (byte)'#', 1] },
        { "QoS 3", [0x36, 6, 0, 1, (byte)'a', 0, 1, 1] },
        { "packet id 0", [0x32, 6, 0, 1, (byte)'a', 0, 0, 1] },
        { "packet above the limit", [0x30, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "NUL in a topic", [0x30, 4, 0, 1, 0, 1] },
        { "overlong UTF-8", [0x30, 5, 0, 2, 0xC0, 0x80, 1] },
    };

    [Theory]
    [MemberData(nameof(AfterSignIn))]
    public async Task A_client_that_breaks_the_protocol_is_closed(string what, byte[] bytes)
    {
        Assert.NotEmpty(what);
        await using var broker = await BrokerFixture.StartAsync();
        using var peer = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        await peer.SendAsync(RawClient.Connect("d"));
        Assert.Equal([0x20, 2, 0, 0], await peer.ReadAsync(4));

        await peer.SendAsync(bytes);

        await peer.ClosedAsync();
        await StillWorksAsync(broker);
        Assert.Equal("works", Assert.Single(broker.Intake.Taken).Topic);
    }

    [Fact]
    public async Task A_silent_socket_is_closed_after_the_connect_timeout()
    {
        await using var broker = await BrokerFixture.StartAsync(options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        using var silent = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        using var half = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        await half.SendAsync(RawClient.Connect("half")[..9]);

        await silent.ClosedAsync();
        await half.ClosedAsync();
    }

    [Fact]
    public async Task Connections_of_one_address_that_have_not_signed_in_are_limited()
    {
        await using var broker = await BrokerFixture.StartAsync(options => options with { MaxPendingPerAddress = 2 });
        using var first = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        using var second = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        using var third = await RawClient.ConnectAsync(broker.Broker.EndPoint);

        await third.ClosedAsync();

        // Who signs in makes room.
        await first.SendAsync(RawClient.Connect("first"));
        await first.ReadAsync(4);
        using var fourth = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        await fourth.SendAsync(RawClient.Connect("fourth"));
        await fourth.ReadAsync(4);
    }

    [Fact]
    public async Task A_payload_above_the_limit_ends_the_connection_with_packet_too_large()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var client = await broker.ConnectAsync("device");
        var disconnected = new TaskCompletionSource<MqttClientDisconnectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += ended =>
        {
            disconnected.TrySetResult(ended.Reason);
            return Task.CompletedTask;
        };

        var sending = client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("a").WithPayload(new byte[(256 << 10) + 1]).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientDisconnectReason.PacketTooLarge, await Patience.For(disconnected.Task, "the disconnect"));
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        await StillWorksAsync(broker);
    }

    [Fact]
    public async Task A_payload_at_the_limit_is_taken()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var client = await broker.ConnectAsync("device");

        await client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("a").WithPayload(new byte[256 << 10]).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            TestContext.Current.CancellationToken);

        Assert.Equal(256 << 10, Assert.Single(broker.Intake.Taken).Payload.Length);
    }

    private static async Task StillWorksAsync(BrokerFixture broker)
    {
        var good = await broker.ConnectAsync("good");
        await good.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("works").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), TestContext.Current.CancellationToken);
    }
}
