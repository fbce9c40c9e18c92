using Edge.Messages.Tenants;

namespace Edge.Actors.Channels;

/// <summary>A message on its way out: a channel's port output, a guest's publish, or a dead letter.</summary>
/// <param name="Tenant">Whose topic space it goes to.</param>
/// <param name="Topic">Topic below the tenant's own topic space.</param>
/// <param name="Payload">Owned by the message.</param>
/// <param name="Qos">0, 1 or 2.</param>
/// <param name="Retain">Whether the broker keeps it for later subscribers.</param>
/// <param name="MessageId">Stable over crash and replay: consumers drop a second copy by it. Sent as MQTT 5 user property <c>edge-id</c>.</param>
/// <param name="TraceParent">W3C trace context of the output, or null.</param>
/// <param name="TraceState">What tracing systems along the way said of the trace (W3C Trace Context §3.3), as it came in; null or empty when nothing.</param>
public sealed record OutboundMessage(
    TenantName Tenant, string Topic, ReadOnlyMemory<byte> Payload, byte Qos, bool Retain, string MessageId, string? TraceParent, string? TraceState);

/// <summary>Where channels hand their messages to: the node's broker, and channels that take what others send.</summary>
public interface IMessageSink
{
    /// <summary>Hands messages on, in order. Completes when they have all been taken; only then may the sender commit what caused them.</summary>
    ValueTask PublishAsync(IReadOnlyList<OutboundMessage> messages);
}
