using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;

namespace Edge.Node.Mqtt;

/// <summary>Accepts TCP connections and hands each to the library as an <see cref="MqttConnection"/>. Takes the place of the library's own listener, which knows none of our limits.</summary>
internal sealed class MqttListener : IMqttServerAdapter
{
    private const int Backlog = 512;
    private static readonly TimeSpan PauseWithoutHandles = TimeSpan.FromSeconds(1);

    private readonly BrokerParts _broker;
    private readonly PendingConnections _pending;
    private readonly ConcurrentDictionary<Socket, Task> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _socket;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Binds at once, so that a port in use is known before anything else starts.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public MqttListener(BrokerParts broker)
    {
        _broker = broker;
        _pending = new(broker.Options);
        _socket = new(broker.Options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (broker.Options.EndPoint.Address.Equals(IPAddress.IPv6Any))
        {
            _socket.DualMode = true;
        }

        try
        {
            _socket.Bind(broker.Options.EndPoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Where it listens, with the port that the system picked.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <inheritdoc/>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => Task.CompletedTask;

    /// <summary>Takes connections from now on.</summary>
    public void Accept() => _accepting = AcceptAsync();

    /// <summary>No new connections; those that are there go on.</summary>
    public async Task StopAcceptingAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _socket.Close();
    }

    /// <summary>Closes all connections at once.</summary>
    public void CutOff()
    {
        foreach (var socket in _running.Keys)
        {
            socket.Dispose();
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await StopAcceptingAsync();
        await Task.WhenAll(_running.Values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Take(await _socket.AcceptAsync(_stopping.Token));
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                _broker.Metrics.ConnectionRejected("no_handles");
                await Task.Delay(PauseWithoutHandles, _broker.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One peer gone before it was accepted, or the listener stops: the loop's condition tells which.
            }
        }
    }

    private void Take(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint peer || _pending.Enter(peer.Address) is { } full && Reject(full))
        {
            socket.Dispose();
            return;
        }

        // Known before it runs, since it may have ended when the call returns.
        _running[socket] = Task.CompletedTask;
        _running.TryUpdate(socket, ServeAsync(socket, peer.Address), Task.CompletedTask);
    }

    private bool Reject(string reason)
    {
        _broker.Metrics.ConnectionRejected(reason);
        return true;
    }

    private async Task ServeAsync(Socket socket, IPAddress peer)
    {
        await Task.Yield();
        var signedIn = false;
        try
        {
            socket.NoDelay = true;
            using var connection = new MqttConnection(socket, _broker)
            {
                OnSignedIn = () =>
                {
                    signedIn = true;
                    _pending.SignedIn(peer);
                    _broker.Metrics.Connected();
                },
            };
            await (ClientHandler?.Invoke(connection) ?? Task.CompletedTask);
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer went away during the library's last words to it.
        }
        finally
        {
            socket.Dispose();
            _running.TryRemove(socket, out _);
            _pending.Left(peer, signedIn);
            if (signedIn)
            {
                _broker.Metrics.Disconnected();
            }
        }
    }
}
