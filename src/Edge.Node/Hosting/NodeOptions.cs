using System.Net;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;

namespace Edge.Node.Hosting;

/// <summary>What the operator said on the command line of <c>edge up</c>.</summary>
internal sealed record NodeOptions
{
    /// <summary>Folder or file of the manifests; null: none, the node runs only the broker.</summary>
    public string? Manifests { get; init; }

    /// <summary>The data folder; made when it is missing.</summary>
    public required string Data { get; init; }

    /// <summary>Where the MQTT broker listens. Default 127.0.0.1:1883. Port 0: the system picks one.</summary>
    public required IPEndPoint Mqtt { get; init; }

    /// <summary>Where the admin server listens: HTTP on loopback, HTTPS with the node's certificate elsewhere. Default 127.0.0.1:8080.</summary>
    public required IPEndPoint Http { get; init; }

    /// <summary>Log lines as JSON objects instead of text.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Most time that a stop may spend on processing what was taken. Default 10 s; what is left of QoS 1 and 2 comes after the next start.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the node hears other nodes: mutual TLS. Default 0.0.0.0:7400. Port 0: the system picks one.</summary>
    public IPEndPoint Peers { get; init; } = new(IPAddress.Any, PeerProtocol.Port);

    /// <summary>This node's name when it founds or joins a site; null: the machine's name.</summary>
    public string? Name { get; init; }

    /// <summary>The token to join a site with; null: go on in the site that it is in, or found one.</summary>
    public JoinToken? Join { get; init; }

    /// <summary>Addresses of the site's nodes, where multicast is filtered.</summary>
    public IReadOnlyList<NodeAddress> Site { get; init; } = [];

    /// <summary>Labels beside those that the node finds out about itself.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it may hold the book. False: it only follows.</summary>
    public bool MayVote { get; init; } = true;

    /// <summary>Whether it announces itself on the LAN, and listens for announcements.</summary>
    public bool Announce { get; init; } = true;
}
