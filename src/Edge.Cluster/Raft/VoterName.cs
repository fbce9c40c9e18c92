using System.Net;

namespace Edge.Cluster.Raft;

/// <summary>
/// A voter's identity inside the Raft library. It wants an endpoint and hashes it into a member id; here the endpoint is the node's name with a port that means nothing, so that a voter keeps its
/// identity when DHCP moves it. The dialer finds today's address.
/// </summary>
public static class VoterName
{
    /// <summary>The identity of a node.</summary>
    public static EndPoint ToEndPoint(string name) => new DnsEndPoint(name, 1);

    /// <summary>The node that an identity stands for.</summary>
    public static string FromEndPoint(EndPoint endPoint) => ((DnsEndPoint)endPoint).Host;
}
