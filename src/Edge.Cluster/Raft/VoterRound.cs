using Edge.Messages.Site;

namespace Edge.Cluster.Raft;

/// <summary>One look at the voters by the leader: asks every node for its report, plans, and carries the step out. To be called every second or so on every voter; it does nothing where the book is not led.</summary>
public sealed class VoterRound(RaftBook book, IVotingPeers peers, VoterChange change, VoterPlanOptions options, TimeProvider time)
{
    /// <summary>How long a node may take to report. Longer counts as no report.</summary>
    public static TimeSpan ReportWithin { get; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// One round over the nodes that may vote, as the leader's leases and the book know them; reports are filled in here. Returns the step and what became of it; null if this node does not lead.
    /// </summary>
    public async Task<(VoterStep Step, VoterChangeOutcome Outcome)?> RunAsync(IReadOnlyList<VoterCandidate> nodes, CancellationToken cancellation)
    {
        if (!book.Leadership.Leads)
        {
            return null;
        }
        var asked = await Task.WhenAll(nodes.Select(node => AskAsync(node, cancellation))).ConfigureAwait(false);
        var step = new VoterPlan(book.Self, book.Voters, asked, options).Next();
        return step is VoterStep.None or VoterStep.Wait
            ? (step, new VoterChangeOutcome.Done())
            : (step, await change.RunAsync(step, cancellation).ConfigureAwait(false));
    }

    private async Task<VoterCandidate> AskAsync(VoterCandidate node, CancellationToken cancellation)
    {
        if (node.Name == book.Self)
        {
            return node with { Report = book.Report() };
        }
        if (!node.Alive)
        {
            return node;
        }
        using var within = new CancellationTokenSource(ReportWithin, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, within.Token);
        try
        {
            return node with { Report = await peers.ReportAsync(node.Name, both.Token).ConfigureAwait(false) };
        }
        catch (Exception silent) when (silent is IOException || (silent is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return node with { Report = null };
        }
    }
}
