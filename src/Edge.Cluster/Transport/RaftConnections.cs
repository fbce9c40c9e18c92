using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Edge.Cluster.Transport;

/// <summary>
/// Hands Raft connections, whose peer is a voter by its certificate, to the log's transport. Bound by at most one at a time; while none is bound, they are closed. At most 64 wait to be
/// accepted; one more is closed. Binding again after the listener was disposed works: a node that loses its vote and gets it back. Thread-safe.
/// </summary>
public sealed class RaftConnections : IConnectionListenerFactory
{
    private const int WaitingMax = 64;

    private Listener? _bound;

    internal RaftConnections(IPEndPoint local) => Local = local;

    private IPEndPoint Local { get; }

    /// <summary>Starts to accept. The endpoint is the name under which the log knows this node; where it listens is this port, whatever it says.</summary>
    /// <exception cref="InvalidOperationException">It is bound already.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var fresh = new Listener(this);
        return Interlocked.CompareExchange(ref _bound, fresh, null) is null
            ? new(fresh)
            : throw new InvalidOperationException("Raft connections are accepted already; dispose that listener first.");
    }

    /// <summary>Hands a connection over and returns when it is done with.</summary>
    internal async Task ServeAsync(ConnectionContext connection)
    {
        var handed = new HandedConnection(connection);
        if (Volatile.Read(ref _bound)?.TryHand(handed) == true)
            await handed.Finished;
    }

    private sealed class Listener(RaftConnections owner) : IConnectionListener
    {
        private readonly Channel<HandedConnection> _waiting = Channel.CreateBounded<HandedConnection>(WaitingMax);

        public EndPoint EndPoint => owner.Local;

        public bool TryHand(HandedConnection connection) => _waiting.Writer.TryWrite(connection);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_waiting.Reader.TryRead(out var connection))
                    return connection;
            }
            return null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.CompareExchange(ref owner._bound, null, this);
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var left))
                await left.DisposeAsync();
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
