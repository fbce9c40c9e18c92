using MQTTnet;
using MQTTnet.Formatter;

namespace Edge.Site.Tests.Harness;

/// <summary>Connections of devices and applications.</summary>
internal static class Mqtt
{
    /// <summary>User name of devices, where a node asks for one.</summary>
    public const string Device = "tester";

    /// <summary>Their password.</summary>
    public const string Password = "for-tests-only-9371";

    public static async Task<IMqttClient> ConnectAsync(NodeProcess node, string id)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer(node.Place.Mqtt.Address.ToString(), node.Place.Mqtt.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(id).WithTimeout(Waiting.Limit);
        if (node.Place.Namespace is not null) options.WithCredentials(Device, Password);
        await client.ConnectAsync(options.Build(), CancellationToken.None);
        return client;
    }
}
