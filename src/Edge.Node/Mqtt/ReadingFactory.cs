using System.Buffers;
using System.Diagnostics;
using Edge.Messages.Intake;
using Edge.Messages.Tenants;
using Google.Protobuf;
using MQTTnet.Packets;

namespace Edge.Node.Mqtt;

/// <summary>Turns a PUBLISH into a reading, and opens its span: the first of the node in the trace that the producer began.</summary>
/// <param name="activities">The source of spans.</param>
/// <param name="time">Clock of the arrival time.</param>
internal sealed class ReadingFactory(ActivitySource activities, TimeProvider time)
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>Makes the reading of a message.</summary>
    /// <param name="packet">The message; its topic is still the tenant's own.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="clientId">The client's own id.</param>
    /// <param name="span">The span of receiving it, to be stopped when it is taken; null when nobody listens.</param>
    public Reading Create(MqttPublishPacket packet, TenantName tenant, string clientId, out Activity? span)
    {
        var reading = new Reading
        {
            Tenant = tenant.Value,
            Topic = packet.Topic,
            Payload = UnsafeByteOperations.UnsafeWrap(Contiguous(packet.Payload)),
            ArrivalUs = MicrosecondsSinceEpoch(time.GetUtcNow()),
            Qos = (uint)packet.QualityOfServiceLevel,
            ClientId = clientId,
        };
        AddProperties(reading, packet.UserProperties);
        span = StartSpan(reading);
        if (span?.Id is { } id)
        {
            reading.TraceParent = id;
        }

        return reading;
    }

    private static void AddProperties(Reading reading, List<MqttUserProperty>? properties)
    {
        foreach (var property in properties ?? [])
        {
            var value = property.ReadValueAsString();
            switch (property.Name)
            {
                case TraceParent:
                    reading.TraceParent = value;
                    break;
                case TraceState:
                    reading.TraceState = value;
                    break;
                default:
                    reading.Properties.Add(new UserProperty { Name = property.Name, Value = value });
                    break;
            }
        }
    }

    private Activity? StartSpan(Reading reading)
    {
        if (!activities.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(reading.TraceParent, reading.TraceState, isRemote: true, out var parent);
        var span = activities.StartActivity("mqtt receive", ActivityKind.Consumer, parent);
        span?.SetTag("messaging.system", "mqtt")
            .SetTag("messaging.operation.type", "receive")
            .SetTag("messaging.destination.name", reading.Topic)
            .SetTag("edge.tenant", reading.Tenant);
        return span;
    }

    // A payload is one slice of its packet; the library's type would allow more.
    private static ReadOnlyMemory<byte> Contiguous(ReadOnlySequence<byte> payload) =>
        payload.IsSingleSegment ? payload.First : payload.ToArray();

    private static long MicrosecondsSinceEpoch(DateTimeOffset now) => (now.Ticks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
