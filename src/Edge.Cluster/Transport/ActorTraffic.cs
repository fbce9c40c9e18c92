using Edge.Cluster.Book;
using Edge.Cluster.Fenced;
using Grpc.Core;
using Proto.Remote;

namespace Edge.Cluster.Transport;

/// <summary>
/// Messages between actors of different nodes, on the node-to-node port like everything else. Proto's own service believes what a caller says of itself; here the address must be that of
/// the caller's certificate, the member id the one in the book, and block lists that travel in the handshake are dropped, so that no peer can make members shun each other.
/// </summary>
/// <param name="book">Who is a member.</param>
/// <param name="peerName">Name in the caller's certificate.</param>
public sealed class ActorTraffic(IBook book, Func<ServerCallContext, string> peerName) : Remoting.RemotingBase
{
    private volatile RemotingGrpcService? _current;

    /// <inheritdoc/>
    public override Task Receive(IAsyncStreamReader<RemoteMessage> requestStream, IServerStreamWriter<RemoteMessage> responseStream, ServerCallContext context) =>
        _current is { } current
            ? current.Receive(new CheckedStream(requestStream, book, peerName(context)), responseStream, context)
            : throw new RpcException(new(StatusCode.Unavailable, "This node is no member of the site now."));

    /// <summary>Names the fenced system that takes messages from now on; null: none.</summary>
    internal void Serve(RemotingGrpcService? service) => _current = service;

    private sealed class CheckedStream(IAsyncStreamReader<RemoteMessage> stream, IBook book, string peer) : IAsyncStreamReader<RemoteMessage>
    {
        private bool _connected;

        public RemoteMessage Current => stream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await stream.MoveNext(cancellationToken)) return false;
            if (!_connected) Check(stream.Current);
            _connected = true;
            return true;
        }

        private void Check(RemoteMessage first)
        {
            var member = book.Current.Nodes.GetValueOrDefault(peer)?.Member?.Id;
            if (first.ConnectRequest?.ServerConnection is not { } said || said.Address != FencedAddress.OfNode(peer) || said.MemberId != member)
            {
                throw new RpcException(new(StatusCode.PermissionDenied, $"Node '{peer}' is not the member that it says it is; the book has member '{member}' for it."));
            }

            said.BlockList.Clear();
        }
    }
}
