namespace Edge.Cluster.Transport;

/// <summary>How long a node waits for others.</summary>
public sealed record PeerDialerOptions
{
    /// <summary>Time for TCP and TLS with one address. Default 2 s; 100 ms–60 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A node with several addresses: when the next is tried beside the one that has not answered (RFC 8305). Default 250 ms; 10 ms–<see cref="ConnectTimeout"/>.</summary>
    public TimeSpan NextAddressAfter { get; init; } = TimeSpan.FromMilliseconds(250);
}
