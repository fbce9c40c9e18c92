using System.Net;
using System.Net.Sockets;

namespace Edge.Bench.Start;

/// <summary>The least of an MQTT 3.1.1 client that sends one message and waits for one: a library would count its own start as the node's.</summary>
internal static class FirstMessage
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Publishes <c>1.5 1</c> to <c>in0/a</c> and returns when something came back on <c>out0/a</c>.</summary>
    /// <exception cref="BenchException">Nothing came back.</exception>
    public static async Task<IDisposable> ExchangeAsync(IPEndPoint broker)
    {
        var client = new TcpClient { NoDelay = true };
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await client.ConnectAsync(broker, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync((byte[])[0x10, 17, 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, 5, .. "first"u8], limit.Token);
            await stream.WriteAsync((byte[])[0x82, 11, 0, 1, 0, 6, .. "out0/a"u8, 0], limit.Token);
            await stream.WriteAsync((byte[])[0x30, 12, 0, 5, .. "in0/a"u8, .. "1.5 1"u8], limit.Token);
            var packet = new byte[64];
            // CONNACK (4 bytes), SUBACK (5 bytes), then the message.
            await stream.ReadExactlyAsync(packet.AsMemory(0, 10), limit.Token);
            if (packet[3] != 0 || packet[9] >> 4 != 3) throw new BenchException($"The node answered {Convert.ToHexString(packet.AsSpan(0, 10))}, not CONNACK, SUBACK, PUBLISH.");
            return client;
        }
        catch (Exception failed) when (failed is OperationCanceledException or IOException or SocketException)
        {
            client.Dispose();
            throw new BenchException($"No message came through {broker} within {Limit.TotalSeconds} s: {failed.Message}");
        }
    }
}
