using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Mqtt;

/// <summary>What happens to packets on their way to a client: tenants see their own names, and the broker announces its limits.</summary>
internal sealed class OutboundPackets(BrokerParts broker, MqttConnection connection)
{
    /// <summary>Makes a packet ready to be written.</summary>
    public void Prepare(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                publish.Topic = TenantMount.Strip(publish.Topic);
                broker.Metrics.Sent((int)publish.QualityOfServiceLevel);
                break;
            case MqttConnAckPacket welcome:
                welcome.MaximumPacketSize = (uint)broker.Options.MaxPacketBytes;
                welcome.TopicAliasMaximum = TopicAliases.Max;
                break;

            // Whether anyone subscribes says nothing about a reading: channels are no subscribers.
            case MqttPubAckPacket { ReasonCode: MqttPubAckReasonCode.NoMatchingSubscribers } acknowledge:
                acknowledge.ReasonCode = MqttPubAckReasonCode.Success;
                break;
            case MqttPubRecPacket { ReasonCode: MqttPubRecReasonCode.NoMatchingSubscribers } received:
                received.ReasonCode = MqttPubRecReasonCode.Success;
                break;
        }
    }

    /// <summary>The intake sequence that must be on stable storage before an acknowledgement goes out; null: the packet acknowledges no reading.</summary>
    public long? CommitPointOf(MqttPacket packet) => packet switch
    {
        MqttPubAckPacket acknowledge => connection.Pending.Take(acknowledge.PacketIdentifier),
        MqttPubRecPacket received => connection.Session?.SequenceOf(received.PacketIdentifier) ?? 0,
        _ => null,
    };
}
