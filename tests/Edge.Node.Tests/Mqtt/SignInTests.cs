using Edge.Messages.Tenants;
using Edge.Node.Mqtt.Devices;
using MQTTnet;
using MQTTnet.Formatter;

namespace Edge.Node.Tests.Mqtt;

public sealed class SignInTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V500, MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData(MqttProtocolVersion.V311, MqttClientConnectResultCode.BadUserNameOrPassword)]
    public async Task A_wrong_password_is_refused_with_the_right_code(MqttProtocolVersion version, MqttClientConnectResultCode expected)
    {
        await using var broker = await BrokerFixture.StartAsync();
        broker.Devices.Write([new("boiler", TenantName.Default, PasswordHash.Of("right-password"u8))]);

        Assert.Equal(expected, await TryConnectAsync(broker, version, "boiler", "wrong-password"));
        Assert.Equal(expected, await TryConnectAsync(broker, version, "nobody", "right-password"));
        Assert.Equal(MqttClientConnectResultCode.Success, await TryConnectAsync(broker, version, "boiler", "right-password"));
    }

    [Fact]
    public async Task The_device_file_is_read_again_when_it_changed()
    {
        await using var broker = await BrokerFixture.StartAsync();
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await TryConnectAsync(broker, MqttProtocolVersion.V500, "boiler", "password"));

        broker.Devices.Write([new("boiler", TenantName.Default, PasswordHash.Of("password"u8))]);
        Assert.Equal(MqttClientConnectResultCode.Success, await TryConnectAsync(broker, MqttProtocolVersion.V500, "boiler", "password"));

        broker.Devices.Write([]);
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await TryConnectAsync(broker, MqttProtocolVersion.V500, "boiler", "password"));
    }

    [Fact]
    public async Task Guessing_is_slowed_down()
    {
        await using var broker = await BrokerFixture.StartAsync();
        broker.Devices.Write([new("boiler", TenantName.Default, PasswordHash.Of("password"u8))]);
        for (var i = 0; i < SignInThrottle.Allowed; i++)
        {
            Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await TryConnectAsync(broker, MqttProtocolVersion.V500, "boiler", $"guess-{i}"));
        }

        Assert.Equal(MqttClientConnectResultCode.ServerBusy, await TryConnectAsync(broker, MqttProtocolVersion.V500, "boiler", "password"));
    }

    [Fact]
    public async Task A_client_without_an_id_gets_one()
    {
        await using var broker = await BrokerFixture.StartAsync();
        var client = broker.Client();

        var answer = await client.ConnectAsync(broker.Options().WithClientId("").Build(), TestContext.Current.CancellationToken);

        Assert.StartsWith("edge-", answer.AssignedClientIdentifier);
        await client.PublishStringAsync("a", "1", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(answer.AssignedClientIdentifier, (await broker.Intake.NextAsync()).ClientId);
    }

    [Fact]
    public async Task A_3_1_1_client_without_an_id_needs_a_clean_session()
    {
        await using var broker = await BrokerFixture.StartAsync();
        using var clean = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        await clean.SendAsync(RawClient.Connect(""));
        Assert.Equal([0x20, 2, 0, 0], await clean.ReadAsync(4));

        using var lasting = await RawClient.ConnectAsync(broker.Broker.EndPoint);
        var connect = RawClient.Connect("");
        connect[9] = 0;
        await lasting.SendAsync(connect);
        await lasting.ClosedAsync();
    }

    private static async Task<MqttClientConnectResultCode> TryConnectAsync(BrokerFixture broker, MqttProtocolVersion version, string device, string password)
    {
        var answer = await broker.Client().ConnectAsync(broker.Options(version).WithCredentials(device, password).Build(), TestContext.Current.CancellationToken);
        return answer.ResultCode;
    }

    [Theory]
    [InlineData(0x02, 0)] // CleanSession: the broker gives it a name
    [InlineData(0x00, 2)] // else "identifier rejected" (MQTT 3.1.1 §3.1.3.1)
    public async Task A_client_of_3_1_1_without_an_id_must_ask_for_a_clean_session(byte flags, byte answer)
    {
        await using var broker = await BrokerFixture.StartAsync();
        using var client = await RawClient.ConnectAsync(broker.Broker.EndPoint);

        await client.SendAsync([0x10, 12, 0, 4, .. "MQTT"u8, 4, flags, 0, 0, 0, 0]);

        Assert.Equal([0x20, 2, 0, answer], await client.ReadAsync(4));
    }
}
