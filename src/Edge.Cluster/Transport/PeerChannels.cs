using System.Collections.Concurrent;
using System.Net.Security;
using Grpc.Net.Client;

namespace Edge.Cluster.Transport;

/// <summary>
/// gRPC channels to nodes by name, one each, made on first use and kept until <see cref="Forget"/>. A call to a node that cannot be reached fails as Unavailable with each address and its
/// reason; the next call dials again. A silent peer is noticed within about 4 s by HTTP/2 pings while a call is open. Thread-safe. Ends with <see cref="Dispose"/>.
/// </summary>
public sealed class PeerChannels(PeerDialer dialer) : IDisposable
{
    private const int MessageMax = 16 << 20;

    private readonly ConcurrentDictionary<string, Lazy<GrpcChannel>> _channels = new(StringComparer.Ordinal);

    /// <summary>The channel to a node of the book. Do not dispose it.</summary>
    public GrpcChannel To(string node) => _channels.GetOrAdd(node, static (name, dialer) => new(() => Open(dialer, name)), dialer).Value;

    /// <summary>Ends the channel to a node that left the site.</summary>
    public void Forget(string node)
    {
        if (_channels.TryRemove(node, out var channel) && channel.IsValueCreated)
            channel.Value.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _channels.Keys)
            Forget(node);
    }

    /// <summary>A handler for gRPC whose connections come from a dialer; TLS is done when they come.</summary>
    internal static SocketsHttpHandler Handler(Func<CancellationToken, ValueTask<Stream>> connect) => new()
    {
        ConnectCallback = (_, cancellation) => connect(cancellation),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(2),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
    };

    private static GrpcChannel Open(PeerDialer dialer, string node) => GrpcChannel.ForAddress($"https://{node}:{PeerProtocol.Port}", new GrpcChannelOptions
    {
        HttpHandler = Handler(async cancellation => await dialer.DialAsync(node, SslApplicationProtocol.Http2, cancellation) switch
        {
            DialOutcome.Connected connected => connected.Stream,
            DialOutcome.Failed failed => throw new IOException(failed.Message),
            var other => throw new InvalidOperationException($"Unexpected outcome {other.GetType().Name}."),
        }),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = MessageMax,
        MaxSendMessageSize = MessageMax,
    });
}
