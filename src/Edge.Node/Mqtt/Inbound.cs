using MQTTnet.Packets;

namespace Edge.Node.Mqtt;

/// <summary>What became of bytes that a client sent.</summary>
internal abstract record Inbound
{
    private Inbound()
    {
    }

    /// <summary>A packet for the library to act on.</summary>
    public sealed record Accepted(MqttPacket Packet) : Inbound;

    /// <summary>Dealt with already; go on reading.</summary>
    public sealed record Handled : Inbound
    {
        public static Handled Instance { get; } = new();
    }

    /// <summary>The connection ends, and the client is told why.</summary>
    public sealed record Refused(PeerRefusal Why) : Inbound;

    /// <summary>The client closed.</summary>
    public sealed record Closed : Inbound
    {
        public static Closed Instance { get; } = new();
    }
}
