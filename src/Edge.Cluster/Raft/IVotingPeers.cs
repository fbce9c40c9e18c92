using Edge.Messages.Site;

namespace Edge.Cluster.Raft;

/// <summary>The Voting service of other nodes, by node name. Every call throws <see cref="IOException"/> when the node does not answer.</summary>
public interface IVotingPeers
{
    /// <summary>What a node holds of the log.</summary>
    Task<VoterReport> ReportAsync(string node, CancellationToken cancellation);

    /// <summary>Makes a node ready to be added.</summary>
    Task<VoterReport> SeedAsync(string node, VoterListNotice notice, CancellationToken cancellation);

    /// <summary>Tells a node that it is no voter any more.</summary>
    Task<VoterReport> DismissAsync(string node, VoterListNotice notice, CancellationToken cancellation);

    /// <summary>Hands the site's wrapped authority to a node.</summary>
    Task<AuthorityHeld> HandAuthorityAsync(string node, AuthorityHandover handover, CancellationToken cancellation);
}
