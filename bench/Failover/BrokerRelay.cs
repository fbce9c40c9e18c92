using System.Net;
using System.Net.Sockets;

namespace Edge.Bench.Failover;

/// <summary>A loopback port here that leads to a port on a node's own loopback: brokers without credentials listen nowhere else. One connection after the other.</summary>
internal sealed class BrokerRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public BrokerRelay(NodePlace place, int port)
    {
        _listener.Start();
        _ = AcceptAsync(place, port);
    }

    /// <summary>The port here.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync(NodePlace place, int port)
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync();
                _ = PassAsync(near, place, port);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private static async Task PassAsync(Socket near, NodePlace place, int port)
    {
        try
        {
            near.NoDelay = true;
            using var far = await place.ConnectAsync(port);
            far.NoDelay = true;
            using var here = new NetworkStream(near, ownsSocket: true);
            using var there = new NetworkStream(far);
            await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
        }
        catch (SocketException)
        {
            // Nobody listens there: the client sees its connection end.
            near.Dispose();
        }
    }
}
