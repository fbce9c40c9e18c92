using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>
/// The calling side of node-to-node traffic: pulls readings from other nodes, and sends them copies of state. Nodes are named; how a name becomes a connection is the caller's to say at each call, since
/// addresses change. Thread-safe; ends with <see cref="Dispose"/>, which ends all calls.
/// </summary>
public sealed class ChannelPeers : IDisposable
{
    private readonly Func<string, CallInvoker?> _connect;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CopyStream> _copies = new(StringComparer.Ordinal);

    /// <param name="connect">The connection to a node that shows the node's certificate; null when no address of it is known.</param>
    public ChannelPeers(Func<string, CallInvoker?> connect)
    {
        _connect = connect;
        _ended = _end.Token;
    }

    /// <summary>Opens a pull from a node. Nothing is sent yet.</summary>
    /// <exception cref="PeerUnavailableException">No address of the node is known.</exception>
    public PullCall Pull(string node, CancellationToken cancellation) => new(node, ClientOf(node), CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended));

    /// <summary>Sends a copy and returns the node's answer. Copies to one node share one stream.</summary>
    /// <exception cref="PeerUnavailableException">The node did not answer; whether it keeps the copy is not known. The same copy may be sent again.</exception>
    public async Task<ChannelCopied> CopyAsync(string node, ChannelCopy copy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(copy);
        return await StreamTo(node).SendAsync(copy).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private CopyStream StreamTo(string node)
    {
        lock (_gate)
        {
            if (_copies.TryGetValue(node, out var open) && !open.Ended) return open;
            return _copies[node] = new(node, ClientOf(node), _ended);
        }
    }

    private ChannelTraffic.ChannelTrafficClient ClientOf(string node)
    {
        if (_ended.IsCancellationRequested) throw new PeerUnavailableException($"Node '{node}' is asked nothing more: this node stops.");
        return _connect(node) is { } invoker ? new(invoker) : throw new PeerUnavailableException($"No address of node '{node}' is known.");
    }
}

/// <summary>A node does not answer; the message says which, and what the connection said.</summary>
public sealed class PeerUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
