using System.Net;

namespace Edge.Cluster.Transport;

/// <summary>Where a node listens for other nodes, and how much strangers may take.</summary>
public sealed record PeerListenerOptions
{
    /// <summary>Address and port. Default 0.0.0.0:7400; port 0 picks a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, PeerProtocol.Port);

    /// <summary>Connections that have shown no certificate of the site: in their handshake, or joining. Default 32; 1–1024. One more is closed at once. Each may make the node hold at most 64 KiB.</summary>
    public int MaxStrangers { get; init; } = 32;

    /// <summary>The same for each source address. Default 8; 1–<see cref="MaxStrangers"/>.</summary>
    public int MaxStrangersPerAddress { get; init; } = 8;

    /// <summary>Time for a TLS handshake. Default 5 s; 100 ms–60 s. Then the connection is closed.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection without a certificate may stay. Default 30 s; 100 ms–5 min. Joining takes about a second.</summary>
    public TimeSpan StrangerLifetime { get; init; } = TimeSpan.FromSeconds(30);
}
