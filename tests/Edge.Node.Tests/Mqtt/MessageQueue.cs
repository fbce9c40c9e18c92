using System.Threading.Channels;
using MQTTnet;

namespace Edge.Node.Tests.Mqtt;

/// <summary>What a client received, in order.</summary>
internal sealed class MessageQueue
{
    private readonly Channel<MqttApplicationMessage> _messages = Channel.CreateUnbounded<MqttApplicationMessage>();

    public MessageQueue(IMqttClient client) => client.ApplicationMessageReceivedAsync += received =>
    {
        _messages.Writer.TryWrite(received.ApplicationMessage);
        return Task.CompletedTask;
    };

    public Task<MqttApplicationMessage> NextAsync(string what = "a message") =>
        Patience.For(_messages.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), what);

    public bool IsEmpty => _messages.Reader.Count == 0;
}
