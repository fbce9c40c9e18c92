using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Edge.Node.Demo;

/// <summary>One MQTT connection of the demo, as any device or application would make it.</summary>
internal sealed class DemoClient : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _broker;

    private DemoClient(string broker) => _broker = broker;

    /// <summary>Completes with the reason when the connection ends without having been asked to.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Connects.</summary>
    /// <exception cref="DemoException">Nobody answers there, or not as an MQTT broker.</exception>
    public static async Task<DemoClient> ConnectAsync(string host, int port, string clientId, CancellationToken stop)
    {
        var connection = new DemoClient($"{host}:{port}");
        connection._client.DisconnectedAsync += connection.OnDisconnectedAsync;
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(host, port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(clientId)
            .WithTimeout(ConnectLimit)
            .Build();
        try
        {
            await connection._client.ConnectAsync(options, stop);
            return connection;
        }
        catch (Exception refused) when (refused is MqttCommunicationException or SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            await connection.DisposeAsync();
            throw new DemoException(
                $"No MQTT broker answered at {host}:{port}: {Innermost(refused)} Check that a node runs there (edge up), or leave out --broker and the demo starts one.");
        }
    }

    /// <summary>Publishes at QoS 1; completes when the broker acknowledged it.</summary>
    /// <exception cref="DemoException">The broker refused it, or the connection is gone.</exception>
    public async Task PublishAsync(string topic, byte[] payload)
    {
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce).Build();
        MqttClientPublishResult result;
        try
        {
            result = await _client.PublishAsync(message, CancellationToken.None);
        }
        catch (Exception lost) when (lost is MqttCommunicationException or MqttClientNotConnectedException or OperationCanceledException or ObjectDisposedException)
        {
            throw new DemoException($"The connection to {_broker} broke while a message was under way: {Innermost(lost)}");
        }
        if (!result.IsSuccess)
            throw new DemoException($"{_broker} refused a message to '{topic}': {result.ReasonCode}{(string.IsNullOrEmpty(result.ReasonString) ? "" : $" ({result.ReasonString})")}.");
    }

    /// <summary>Subscribes at QoS 1; <paramref name="received"/> is called for one message at a time.</summary>
    /// <exception cref="DemoException">The broker refused a subscription.</exception>
    public async Task SubscribeAsync(IEnumerable<string> topics, Action<MqttApplicationMessage> received, CancellationToken stop)
    {
        _client.ApplicationMessageReceivedAsync += message =>
        {
            received(message.ApplicationMessage);
            return Task.CompletedTask;
        };
        var options = new MqttClientSubscribeOptionsBuilder();
        foreach (var topic in topics) options.WithTopicFilter(topic, MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        var result = await _client.SubscribeAsync(options.Build(), stop);
        if (result.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
            throw new DemoException($"{_broker} refused the subscription to '{refused.TopicFilter.Topic}': {refused.ResultCode}.");
    }

    /// <summary>The stable id that a node gives an output, the same for every copy of it; empty if there is none.</summary>
    public static string IdOf(MqttApplicationMessage message) => message.UserProperties?.FirstOrDefault(property => property.Name == "edge-id")?.ReadValueAsString() ?? "";

    /// <summary>Says goodbye and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _client.DisconnectedAsync -= OnDisconnectedAsync;
        if (_client.IsConnected) await _client.TryDisconnectAsync();
        _client.Dispose();
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs gone)
    {
        var reason = gone.Exception is { } failed ? Innermost(failed) : $"{gone.Reason}.";
        if (gone.ClientWasConnected) _lost.TrySetResult($"The connection to {_broker} was lost: {reason} Is the node still running?");
        return Task.CompletedTask;
    }

    private static string Innermost(Exception failure) => failure.GetBaseException() is OperationCanceledException
        ? $"no answer in {ConnectLimit.TotalSeconds:0} s."
        : failure.GetBaseException().Message.TrimEnd('.') + ".";
}
