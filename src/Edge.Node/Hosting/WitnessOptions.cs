using System.Net;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;

namespace Edge.Node.Hosting;

/// <summary>What the operator said on the command line of <c>edge witness</c>.</summary>
internal sealed record WitnessOptions
{
    /// <summary>The data folder; made when it is missing. Not one of a node that takes readings.</summary>
    public required string Data { get; init; }

    /// <summary>Where it hears the nodes: mutual TLS. Default 0.0.0.0:7400. Port 0: the system picks one.</summary>
    public IPEndPoint Peers { get; init; } = new(IPAddress.Any, PeerProtocol.Port);

    /// <summary>Its name when it joins; null: the machine's name.</summary>
    public string? Name { get; init; }

    /// <summary>The token to join a site with; needed once.</summary>
    public JoinToken? Join { get; init; }

    /// <summary>Addresses of the site's nodes, where multicast is filtered.</summary>
    public IReadOnlyList<NodeAddress> Site { get; init; } = [];

    /// <summary>Labels, for people.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it announces itself on the LAN, and listens for announcements.</summary>
    public bool Announce { get; init; } = true;

    /// <summary>Log lines as JSON objects instead of text.</summary>
    public bool JsonLog { get; init; }
}
