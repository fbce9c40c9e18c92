using Edge.Actors.Channels;
using Edge.Cluster.Forwarding;
using Edge.Messages.Site;
using Edge.Messages.Tenants;
using Edge.Node.Mqtt;

namespace Edge.Node.Site;

/// <summary>The broker as the other nodes see it: what its clients subscribe to, and a way in for outputs made elsewhere.</summary>
/// <param name="filters">What clients subscribe to.</param>
/// <param name="broker">The broker.</param>
internal sealed class ForwardedOutputs(SubscribedFilters filters, IMessageSink broker) : IForwardedOutputs
{
    /// <inheritdoc/>
    public IDisposable WatchFilters(Action<InterestChange> onChange) => filters.Watch(onChange);

    /// <inheritdoc/>
    public ValueTask TakeAsync(IReadOnlyList<ForwardedMessage> messages) => broker.PublishAsync([.. messages.Select(FromWire)]);

    private static OutboundMessage FromWire(ForwardedMessage message) => new(
        new TenantName(message.Tenant), message.Topic, message.Payload.Memory, (byte)message.Qos, message.Retain, message.MessageId,
        message.TraceParent.Length == 0 ? null : message.TraceParent, message.TraceState.Length == 0 ? null : message.TraceState);
}
