using Edge.Messages.Site;

namespace Edge.Cluster.Raft;

/// <summary>A node of the site as the leader sees it when it plans the voters.</summary>
/// <param name="Name">Name.</param>
/// <param name="MayVote">The book has the node and lets it vote. False also for a voter that is no longer in the book.</param>
/// <param name="Alive">It answers.</param>
/// <param name="Since">How long it has been alive, or not.</param>
public sealed record VoterCandidate(string Name, bool MayVote, bool Alive, TimeSpan Since)
{
    /// <summary>What it said of its log; null if it did not answer.</summary>
    public VoterReport? Report { get; init; }

    /// <summary>Holds a vote and nothing else: taken after full nodes.</summary>
    public bool Witness { get; init; }
}
