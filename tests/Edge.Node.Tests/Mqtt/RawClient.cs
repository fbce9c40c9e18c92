using System.Net;
using System.Net.Sockets;

namespace Edge.Node.Tests.Mqtt;

/// <summary>Bytes on the wire, for what a client library would not send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>A CONNECT of MQTT 3.1.1 with a clean session.</summary>
    public static byte[] Connect(string clientId) =>
        [0x10, (byte)(12 + clientId.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, (byte)clientId.Length, .. System.Text.Encoding.ASCII.GetBytes(clientId)];

    public async Task SendAsync(params byte[] bytes) => await _socket.SendAsync(bytes, TestContext.Current.CancellationToken);

    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var read = await Patience.For(_socket.ReceiveAsync(bytes.AsMemory(have), TestContext.Current.CancellationToken).AsTask(), $"byte {have} of {count}");
            Assert.True(read > 0, $"The broker closed after {have} of {count} bytes.");
            have += read;
        }

        return bytes;
    }

    /// <summary>Completes when the broker closed the connection.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            var discarded = new byte[4096];
            while (await Patience.For(_socket.ReceiveAsync(discarded, TestContext.Current.CancellationToken).AsTask(), "the broker to close the connection") > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset is closed, too.
        }
    }

    public void Dispose() => _socket.Dispose();
}
