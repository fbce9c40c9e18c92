using System.Net.Security;

namespace Edge.Cluster.Transport;

/// <summary>What nodes speak with each other on one TLS port, chosen by ALPN (RFC 7301): gRPC over HTTP/2, and Raft.</summary>
public static class PeerProtocol
{
    /// <summary>Version of everything between nodes. A joiner of another version is told so in words.</summary>
    public const uint Version = 1;

    /// <summary>Where nodes listen.</summary>
    public const int Port = 7400;

    /// <summary>The Raft library's own stream.</summary>
    public static SslApplicationProtocol Raft { get; } = new("edge-raft/1");
}
