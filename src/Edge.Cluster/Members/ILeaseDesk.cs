using Edge.Messages.Site;

namespace Edge.Cluster.Members;

/// <summary>Where members renew their leases: the leader's, behind the wire and for the leader's own node.</summary>
public interface ILeaseDesk
{
    /// <summary>Answers a renewal; with who leads, if this node does not.</summary>
    /// <param name="request">The renewal.</param>
    /// <param name="peer">Name in the caller's certificate.</param>
    RenewReply Renew(RenewRequest request, string peer);
}
