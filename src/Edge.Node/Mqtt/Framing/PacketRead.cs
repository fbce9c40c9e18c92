using MQTTnet.Adapter;

namespace Edge.Node.Mqtt.Framing;

/// <summary>How reading one packet ended.</summary>
internal enum PacketReadOutcome
{
    /// <summary>A whole packet is there.</summary>
    Packet,

    /// <summary>The peer closed, in the middle of a packet or between two.</summary>
    Closed,

    /// <summary>The announced length is above the limit.</summary>
    TooLarge,

    /// <summary>The length takes more than four bytes (MQTT 5 §1.5.5).</summary>
    Malformed,
}

/// <summary>Outcome of <see cref="PacketReader.ReadAsync"/>.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Packet">The packet, if there is one.</param>
/// <param name="AnnouncedBytes">Length of the packet's body, as the peer announced it.</param>
internal readonly record struct PacketRead(PacketReadOutcome Outcome, ReceivedMqttPacket Packet = default, int AnnouncedBytes = 0);
