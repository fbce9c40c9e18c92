using System.Diagnostics.Metrics;

namespace Edge.Node.Mqtt;

/// <summary>The broker's instruments. Tags are bounded: never a topic, a client or an address.</summary>
internal sealed class MqttMetrics
{
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _rejectedConnections;
    private readonly Counter<long> _dropped;
    private readonly UpDownCounter<long> _connections;

    public MqttMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Edge");
        _received = meter.CreateCounter<long>("edge.mqtt.received", "{message}", "Messages that clients published and the broker took, by qos.");
        _sent = meter.CreateCounter<long>("edge.mqtt.sent", "{message}", "Messages written to subscribers, by qos.");
        _refused = meter.CreateCounter<long>("edge.mqtt.refused", "{message}", "Messages that the broker refused, by reason.");
        _rejectedConnections = meter.CreateCounter<long>("edge.mqtt.connections.rejected", "{connection}", "Connections that ended before sign-in or were refused, by reason.");
        _dropped = meter.CreateCounter<long>("edge.mqtt.dropped", "{message}", "Messages dropped because a subscriber's queue was full.");
        _connections = meter.CreateUpDownCounter<long>("edge.mqtt.connections", "{connection}", "Connected clients.");
    }

    public void Received(int qos) => _received.Add(1, new KeyValuePair<string, object?>("qos", qos));

    public void Sent(int qos) => _sent.Add(1, new KeyValuePair<string, object?>("qos", qos));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void ConnectionRejected(string reason) => _rejectedConnections.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dropped() => _dropped.Add(1);

    public void Connected() => _connections.Add(1);

    public void Disconnected() => _connections.Add(-1);
}
