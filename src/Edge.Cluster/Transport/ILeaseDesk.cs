using Edge.Messages.Site;

namespace Edge.Cluster.Transport;

/// <summary>Where the leading node renews the leases of members. Thread-safe and quick: it is asked by every member several times a second.</summary>
public interface ILeaseDesk
{
    /// <summary>Grants or refuses; a refusal says why.</summary>
    /// <param name="request">What the member says of itself.</param>
    /// <param name="peer">The name in the caller's certificate, which is the node's that asks.</param>
    RenewReply Renew(RenewRequest request, string peer);
}
