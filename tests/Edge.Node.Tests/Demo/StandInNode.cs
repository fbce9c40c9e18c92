using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Server;

namespace Edge.Node.Tests.Demo;

/// <summary>
/// A broker that answers each message of the demo as the node does, but forgets those that a test wants forgotten: what a node
/// must never do, and the demo must therefore notice.
/// </summary>
internal sealed class StandInNode : IAsyncDisposable
{
    private readonly MqttServer _server;
    private readonly Func<long, int> _copies;

    private StandInNode(Func<long, int> copies)
    {
        _copies = copies;
        _server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                .WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithDefaultEndpointPort(Port).Build());
        _server.InterceptingPublishAsync += AnswerAsync;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; } = FreePort.Take();

    /// <summary>Starts one; <paramref name="copies"/> says how often message N is answered.</summary>
    public static async Task<StandInNode> StartAsync(Func<long, int> copies)
    {
        var node = new StandInNode(copies);
        await node._server.StartAsync();
        return node;
    }

    /// <summary>Ends it without a goodbye to its clients.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new MqttServerStopOptions());
        _server.Dispose();
    }

    private async Task AnswerAsync(InterceptingPublishEventArgs publish)
    {
        if (publish.ApplicationMessage.Topic != "demo/ecg") return;
        using var message = JsonDocument.Parse(publish.ApplicationMessage.Payload);
        var sequence = message.RootElement.GetProperty("seq").GetInt64();
        var time = message.RootElement.GetProperty("t").GetInt64();
        var count = message.RootElement.GetProperty("raw").GetArrayLength();
        for (var i = 0; i < _copies(sequence); i++)
        {
            await PublishAsync("demo/ecg/filtered", $$"""{"t":{{time}},"v":[{{string.Join(',', Enumerable.Repeat(0.5, count).Select(v => v.ToString(CultureInfo.InvariantCulture)))}}]}""");
            if (sequence % 20 == 10) await PublishAsync("demo/ecg/beats", $$"""{"t":{{time}},"v":[72]}""");
        }
    }

    private Task PublishAsync(string topic, string payload) => _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(Encoding.UTF8.GetBytes(payload)).Build()));
}
