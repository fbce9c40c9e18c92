using Edge.Actors.Channels;
using Edge.Cluster.Book;
using Edge.Messages.Site;
using Edge.Node.Mqtt;
using Grpc.Core;

namespace Edge.Node.Site;

/// <summary>
/// Where this node's channels hand their outputs to: its own broker, and once each other member that has a matching subscription. Membership comes from the book. A member that dies holds
/// outputs back until its lease has expired, no longer.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="broker">Its broker.</param>
/// <param name="dial">Connects to a node by its name.</param>
/// <param name="metrics">Figures.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Log.</param>
internal sealed class SiteOutputs(string self, IMessageSink broker, Func<string, CallInvoker> dial, SiteMetrics metrics, TimeProvider time, ILogger logger) : IMessageSink, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Dictionary<string, PeerOutputs> _peers = new(StringComparer.Ordinal);

    /// <summary>Takes who is a member now.</summary>
    public async Task FollowAsync(BookState book)
    {
        List<PeerOutputs> gone = [];
        lock (_gate)
        {
            var members = book.Nodes.Values.Where(n => n.Member is not null && !n.Witness && n.Name != self).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
            var peers = new Dictionary<string, PeerOutputs>(_peers, StringComparer.Ordinal);
            foreach (var name in _peers.Keys.Where(name => !members.Contains(name)))
            {
                peers.Remove(name, out var peer);
                gone.Add(peer!);
            }

            foreach (var name in members.Where(name => !peers.ContainsKey(name))) peers.Add(name, new(name, dial, time, logger));
            _peers = peers;
        }

        foreach (var peer in gone) await peer.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync(IReadOnlyList<OutboundMessage> messages)
    {
        Dictionary<string, PeerOutputs> peers;
        lock (_gate) peers = _peers;
        List<Task>? sending = null;
        foreach (var peer in peers.Values)
        {
            var wanted = messages.Where(m => peer.Wants(TenantMount.Mount(m.Tenant, m.Topic))).Select(ToWire).ToList();
            if (wanted.Count == 0) continue;
            metrics.Forwarded(wanted.Count);
            (sending ??= []).Add(peer.SendAsync(wanted));
        }

        await broker.PublishAsync(messages);
        if (sending is not null) await Task.WhenAll(sending);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers.Values) await peer.DisposeAsync();
    }

    private static ForwardedMessage ToWire(OutboundMessage message) => new()
    {
        Tenant = message.Tenant.Value,
        Topic = message.Topic,
        Payload = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(message.Payload),
        Qos = message.Qos,
        Retain = message.Retain,
        MessageId = message.MessageId,
        TraceParent = message.TraceParent ?? "",
        TraceState = message.TraceState ?? "",
    };
}
