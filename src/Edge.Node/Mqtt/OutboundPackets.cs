using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Mqtt;

/// <summary>What happens to packets on their way to a client: the commit point, the tenant's own names, and what the broker announces of itself.</summary>
internal sealed class OutboundPackets(BrokerParts broker, MqttConnection connection)
{
    /// <summary>
    /// Makes a packet ready to be written. For a PUBACK or PUBREC this waits for the group flush of the reading that it acknowledges: here and not on the inbound side,
    /// where each message would wait for a flush of its own. Returns the reason to end the connection instead, or null.
    /// </summary>
    public async ValueTask<PeerRefusal?> PrepareAsync(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                publish.Topic = TenantMount.Strip(publish.Topic);
                broker.Metrics.Sent((int)publish.QualityOfServiceLevel);
                return null;
            case MqttPubAckPacket acknowledge:
                acknowledge.ReasonCode = WithoutSubscribers(acknowledge.ReasonCode);
                return await FlushedAsync(connection.Pending.Take(acknowledge.PacketIdentifier));
            case MqttPubRecPacket received:
                received.ReasonCode = received.ReasonCode == MqttPubRecReasonCode.NoMatchingSubscribers ? MqttPubRecReasonCode.Success : received.ReasonCode;
                return await FlushedAsync(connection.Session?.SequenceOf(received.PacketIdentifier) ?? 0);
            case MqttConnAckPacket welcome:
                welcome.MaximumPacketSize = (uint)broker.Options.MaxPacketBytes;
                welcome.TopicAliasMaximum = TopicAliases.Max;
                return null;
            default:
                return null;
        }
    }

    // Whether anyone subscribes says nothing about a reading: channels are no subscribers.
    private static MqttPubAckReasonCode WithoutSubscribers(MqttPubAckReasonCode reason) =>
        reason == MqttPubAckReasonCode.NoMatchingSubscribers ? MqttPubAckReasonCode.Success : reason;

    private async ValueTask<PeerRefusal?> FlushedAsync(long sequence) =>
        await broker.TryFlushAsync(sequence) ? null : PeerRefusal.IntakeUnavailable;
}
