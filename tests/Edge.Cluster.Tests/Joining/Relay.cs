using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Transport;

namespace Edge.Cluster.Tests.Joining;

/// <summary>A stretch of network: carries bytes between whoever connects and one node, until it is cut; then new connections are carried again.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;

    public Relay(IPEndPoint to)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync(to);
    }

    public NodeAddress Address => NodeAddress.Of((IPEndPoint)_listener.LocalEndPoint!);

    public void Cut()
    {
        lock (_gate)
        {
            foreach (var socket in _open)
                socket.Dispose();
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        Cut();
        _stop.Dispose();
    }

    private async Task AcceptAsync(IPEndPoint to)
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync(_stop.Token);
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(to, _stop.Token);
                lock (_gate)
                    _open.AddRange([near, far]);
                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private static async Task CarryAsync(Socket from, Socket to)
    {
        var bytes = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(bytes) is > 0 and var count)
                await to.SendAsync(bytes.AsMemory(..count));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            to.Dispose();
        }
    }
}
