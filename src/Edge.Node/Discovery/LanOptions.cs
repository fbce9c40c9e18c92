using System.Net;

namespace Edge.Node.Discovery;

/// <summary>How nodes find each other on the LAN.</summary>
internal sealed record LanOptions
{
    /// <summary>Multicast group and port. Default 239.255.74.0:7400, in the range that routers keep inside a site (RFC 2365).</summary>
    public IPEndPoint Group { get; init; } = new(IPAddress.Parse("239.255.74.0"), 7400);

    /// <summary>Address of the one interface to use. Default 0.0.0.0: all that are up and can multicast.</summary>
    public IPAddress Interface { get; init; } = IPAddress.Any;

    /// <summary>How often a node announces itself. Default 2 s; 100 ms–60 s.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Datagrams that are looked at in a second; the rest is dropped unread. Default 200; 10–10 000. A site of 100 nodes sends 50.</summary>
    public int HeardPerSecond { get; init; } = 200;
}
