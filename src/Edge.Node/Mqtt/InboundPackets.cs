using Edge.Actors.Intake;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Mqtt;

/// <summary>
/// What happens to a client's packets before the library acts on them: names are checked and mounted into the tenant's topic space, readings are taken in.
/// A message that the intake log cannot take never reaches the library, so nothing acknowledges it.
/// </summary>
internal sealed class InboundPackets(BrokerParts broker, MqttConnection connection)
{
    private readonly TopicAliases _aliases = new();

    /// <summary>Judges one packet. Called for one at a time, in the order of the wire.</summary>
    public ValueTask<Inbound> AcceptAsync(MqttPacket packet, CancellationToken cancellation)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                return PublishAsync(publish, cancellation);
            case MqttConnectPacket connect:
                return new(Connect(connect));
            case MqttSubscribePacket subscribe:
                foreach (var filter in subscribe.TopicFilters)
                {
                    filter.Topic = TenantMount.Mount(connection.Tenant, filter.Topic ?? "");
                }

                break;
            case MqttUnsubscribePacket unsubscribe:
                unsubscribe.TopicFilters = unsubscribe.TopicFilters.ConvertAll(filter => TenantMount.Mount(connection.Tenant, filter));
                break;
            case MqttPubRelPacket release:
                connection.Session?.Release(release.PacketIdentifier);
                break;
        }

        return new(new Inbound.Accepted(packet));
    }

    private Inbound Connect(MqttConnectPacket connect)
    {
        if (connection.Connect is not null)
        {
            return new Inbound.Refused(PeerRefusal.Protocol("A second CONNECT on one connection."));
        }

        if (connect.WillFlag && TopicName.Check(connect.WillTopic) != TopicProblem.None)
        {
            return new Inbound.Refused(PeerRefusal.TopicInvalid($"The will's topic '{connect.WillTopic}' is no topic that a client may use."));
        }

        connection.Connect = connect;
        return new Inbound.Accepted(connect);
    }

    private async ValueTask<Inbound> PublishAsync(MqttPublishPacket publish, CancellationToken cancellation)
    {
        if (Check(publish) is { } refusal)
        {
            return new Inbound.Refused(refusal);
        }

        if (TenantMount.IsReserved(publish.Topic))
        {
            return await DenyAsync(publish, cancellation);
        }

        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce
            && !connection.Session!.TryReceive(publish.PacketIdentifier, out var first))
        {
            return await AnswerDuplicateAsync(publish, first, cancellation);
        }

        await broker.OpenForPublishAsync(publish.QualityOfServiceLevel, cancellation);
        if (!TryTake(publish))
        {
            return new Inbound.Refused(PeerRefusal.IntakeUnavailable);
        }

        publish.Topic = TenantMount.Mount(connection.Tenant, publish.Topic);
        return new Inbound.Accepted(publish);
    }

    private PeerRefusal? Check(MqttPublishPacket publish)
    {
        if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.ExactlyOnce)
        {
            return PeerRefusal.Malformed("A PUBLISH has QoS 3.");
        }

        if (publish.QualityOfServiceLevel > 0 && publish.PacketIdentifier == 0)
        {
            return PeerRefusal.Protocol("A PUBLISH with QoS above 0 has packet id 0.");
        }

        if (publish.Payload.Length > broker.Options.MaxPayloadBytes)
        {
            return PeerRefusal.TooLarge($"payload of {publish.Payload.Length} bytes", broker.Options.MaxPayloadBytes);
        }

        if (_aliases.Resolve(publish.Topic, publish.TopicAlias) is not { } topic)
        {
            return PeerRefusal.AliasInvalid(publish.TopicAlias);
        }

        publish.Topic = topic;
        publish.TopicAlias = 0;
        return TopicName.Check(topic) == TopicProblem.Malformed
            ? PeerRefusal.TopicInvalid($"'{topic}' is no topic to publish to: empty, a wildcard or control character in it, or more than {TopicName.MaxLevels} levels.")
            : null;
    }

    private bool TryTake(MqttPublishPacket publish)
    {
        var reading = broker.Readings.Create(publish, connection.Tenant, connection.ClientId, out var span);
        using (span)
        {
            try
            {
                Remember(publish, broker.Intake.Take(reading));
                broker.Metrics.Received((int)publish.QualityOfServiceLevel);
                return true;
            }
            catch (IntakeUnavailableException failure)
            {
                span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, failure.Message);
                broker.IntakeFailed(failure);
                return false;
            }
        }
    }

    private void Remember(MqttPublishPacket publish, long sequence)
    {
        switch (publish.QualityOfServiceLevel)
        {
            case MqttQualityOfServiceLevel.AtLeastOnce:
                connection.Pending.Add(publish.PacketIdentifier, sequence);
                break;
            case MqttQualityOfServiceLevel.ExactlyOnce:
                connection.Session!.Received(publish.PacketIdentifier, sequence);
                break;
        }
    }

    private async ValueTask<Inbound> DenyAsync(MqttPublishPacket publish, CancellationToken cancellation)
    {
        broker.Metrics.Refused("reserved_topic");
        MqttPacket? answer = publish.QualityOfServiceLevel switch
        {
            MqttQualityOfServiceLevel.AtLeastOnce => new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier, ReasonCode = MqttPubAckReasonCode.NotAuthorized },
            MqttQualityOfServiceLevel.ExactlyOnce => new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier, ReasonCode = MqttPubRecReasonCode.NotAuthorized },
            _ => null,
        };
        if (answer is not null)
        {
            await connection.WriteAsync(answer, cancellation);
        }

        return Inbound.Handled.Instance;
    }

    private async ValueTask<Inbound> AnswerDuplicateAsync(MqttPublishPacket publish, long sequence, CancellationToken cancellation)
    {
        if (!await broker.TryFlushAsync(sequence))
        {
            return new Inbound.Refused(PeerRefusal.IntakeUnavailable);
        }

        broker.Metrics.Refused("duplicate_qos2");
        await connection.WriteAsync(new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier }, cancellation);
        return Inbound.Handled.Instance;
    }
}
