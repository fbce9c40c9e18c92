using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Raft;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Edge.Cluster.Victim;

/// <summary>Raft connections over plain TCP on loopback: what the site's TLS port gives the product.</summary>
internal sealed class LoopbackTransport(AddressFolder addresses) : IConnectionListenerFactory, IConnectionFactory, IDisposable
{
    private readonly SocketTransportFactory _listening = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
    private readonly SocketConnectionContextFactory _dialing = new(new SocketConnectionFactoryOptions(), NullLogger<LoopbackTransport>.Instance);

    /// <summary>Completes with the port once bound; again after each time.</summary>
    public int Port { get; private set; }

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // A seat that opens its log again stays where it was.
        var listener = await _listening.BindAsync(new IPEndPoint(IPAddress.Loopback, Port), cancellationToken);
        Port = ((IPEndPoint)listener.EndPoint).Port;
        return listener;
    }

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, addresses.Find(VoterName.FromEndPoint(endpoint)).RaftPort), cancellationToken);
            return _dialing.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _dialing.Dispose();
}
