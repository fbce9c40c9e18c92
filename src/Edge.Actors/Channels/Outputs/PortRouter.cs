using Edge.Messages.Tenants;

namespace Edge.Actors.Channels.Outputs;

/// <summary>
/// Maps a guest's port numbers to the channel's topics: number → name by the module's <c>ports</c>, name → topic, format and QoS by the channel's. Pure, reused by one channel.
/// </summary>
internal sealed class PortRouter
{
    private readonly TenantName _tenant;
    private readonly (PortSpec Spec, TopicTemplate Topic)?[] _ports;
    private readonly PortEncoder _encoder = new();

    /// <summary>Compiles the channel's ports.</summary>
    public PortRouter(ChannelSpec channel, IReadOnlyList<string> names)
    {
        _tenant = channel.Id.Tenant;
        _ports = [.. names.Select(n => channel.Ports.TryGetValue(n, out var port) ? (port, new TopicTemplate(port.Topic)) : ((PortSpec, TopicTemplate)?)null)];
    }

    /// <summary>The message for an emit, or null when the port leads nowhere or its bytes do not fit its format.</summary>
    public OutboundMessage? Route(int port, ReadOnlySpan<byte> emitted, long timeUs, string key, string topic, string messageId, string? trace, string? traceState)
    {
        if ((uint)port >= (uint)_ports.Length || _ports[port] is not var (spec, template)) return null;
        return _encoder.Encode(spec, emitted, timeUs) is { } payload
            ? new(_tenant, template.Fill(key, topic), payload, spec.Qos, spec.Retain, messageId, trace, traceState)
            : null;
    }
}
