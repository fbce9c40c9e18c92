using System.Net;

namespace Edge.Node.Mqtt;

/// <summary>How the node's MQTT broker listens, and what it lets a peer cost. Limits before sign-in are apart from those after it: an unknown peer gets next to nothing.</summary>
internal sealed record MqttBrokerOptions
{
    /// <summary>Address and port to listen on. Port 0: the system picks one, see <see cref="MqttBroker.EndPoint"/>.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Clients without a user name are refused. Off only on loopback, where they belong to the tenant <c>default</c>.</summary>
    public bool RequireCredentials => !IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Longest payload of a PUBLISH, in bytes. Default 256 KiB; 1 B–16 MiB. A longer one ends the connection (MQTT 5: reason 0x95, packet too large) and is counted.</summary>
    public int MaxPayloadBytes { get; init; } = 256 << 10;

    /// <summary>Longest packet after sign-in: the payload, a topic and properties of 64 KiB each, rounded up. Announced to MQTT 5 clients in CONNACK.</summary>
    public int MaxPacketBytes => MaxPayloadBytes + (128 << 10);

    /// <summary>Longest packet before sign-in, in bytes. Default 64 KiB: a CONNECT with a will and a token. Memory is taken as bytes arrive, never as announced.</summary>
    public int MaxConnectBytes { get; init; } = 64 << 10;

    /// <summary>Time from accept to the whole CONNECT. Default 10 s; then the socket is closed.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections of one address that have not signed in. Default 256; one more is closed at once and counted.</summary>
    public int MaxPendingPerAddress { get; init; } = 256;

    /// <summary>Connections of all addresses that have not signed in. Default 1 024; one more is closed at once and counted.</summary>
    public int MaxPending { get; init; } = 1_024;

    /// <summary>Connections in all. Default 10 000; one more is closed at once and counted.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Sessions, connected or waiting for their client. Default 20 000; a client that would need one more is refused (server busy).</summary>
    public int MaxSessions { get; init; } = 20_000;

    /// <summary>Messages waiting for one client. Default 10 000; at the bound a new message is dropped for that client and counted.</summary>
    public int MaxQueuedPerClient { get; init; } = 10_000;

    /// <summary>A client that takes no byte for this long while something waits for it is disconnected. Default 30 s.</summary>
    public TimeSpan SendStall { get; init; } = TimeSpan.FromSeconds(30);
}
