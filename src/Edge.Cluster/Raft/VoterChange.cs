using DotNext.Net.Cluster.Consensus.Raft;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Raft;

/// <summary>
/// Carries one step of the <see cref="VoterPlan"/> out, on the leader. A change that ended without an answer may have happened: the list at the leader of that moment tells, after a read barrier, and the next
/// plan starts from it. One change at a time: calls wait for each other.
/// </summary>
/// <param name="book">This node's log.</param>
/// <param name="peers">The other nodes.</param>
/// <param name="authority">The site's wrapped authority as this node holds it, handed to each node before it becomes a voter; empty if there is none.</param>
/// <param name="options">Waits.</param>
/// <param name="time">Clock.</param>
public sealed class VoterChange(RaftBook book, IVotingPeers peers, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> authority, VoterPlanOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Carries the step out.</summary>
    public async Task<VoterChangeOutcome> RunAsync(VoterStep step, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        using var within = new CancellationTokenSource(options.ChangeWithin, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, within.Token);
        try
        {
            return await CarryOutAsync(step, both.Token).ConfigureAwait(false);
        }
        catch (IOException silent)
        {
            return new VoterChangeOutcome.Unclear(silent.Message);
        }
        catch (Exception lost) when (lost is NotLeaderException or QuorumUnreachableException)
        {
            return new VoterChangeOutcome.Unclear($"{book.Self} stopped leading: {lost.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new VoterChangeOutcome.Unclear($"no result within {options.ChangeWithin.TotalSeconds:0.#} s");
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<VoterChangeOutcome> CarryOutAsync(VoterStep step, CancellationToken cancellation)
    {
        switch (step)
        {
            case VoterStep.Add add:
                return await AddAsync(add.Node, cancellation).ConfigureAwait(false);
            case VoterStep.Remove remove:
                return await RemoveAsync(remove.Node, cancellation).ConfigureAwait(false);
            case VoterStep.Resign:
                return await book.ResignAsync(cancellation).ConfigureAwait(false) ? new VoterChangeOutcome.Done() : new VoterChangeOutcome.Unclear($"{book.Self} does not lead");
            case VoterStep.Dismiss dismiss:
                await book.ReadAsync(cancellation).ConfigureAwait(false);
                return Judge(await peers.DismissAsync(dismiss.Node, Notice(), cancellation).ConfigureAwait(false));
            default:
                return new VoterChangeOutcome.Done();
        }
    }

    private async Task<VoterChangeOutcome> AddAsync(string node, CancellationToken cancellation)
    {
        // A leader of the past must not seed with a list of the past.
        await book.ReadAsync(cancellation).ConfigureAwait(false);
        var present = book.Voters;
        if (present.Names.Contains(node))
        {
            return new VoterChangeOutcome.Done();
        }
        if (present.Names.Count >= VoterPlan.MostVoters)
        {
            return new VoterChangeOutcome.Refused($"there are {present.Names.Count} voters already: {present}");
        }
        if (await authority(cancellation).ConfigureAwait(false) is { IsEmpty: false } wrapped)
        {
            var held = await peers.HandAuthorityAsync(node, new AuthorityHandover { Leader = book.Self, Wrapped = ByteString.CopyFrom(wrapped.Span) }, cancellation).ConfigureAwait(false);
            if (held.Trouble.Length > 0)
            {
                return new VoterChangeOutcome.Refused($"{node} could not keep the site's authority: {held.Trouble}");
            }
        }
        var seeded = await peers.SeedAsync(node, Notice(), cancellation).ConfigureAwait(false);
        if (Judge(seeded) is VoterChangeOutcome.Refused refused)
        {
            return refused;
        }
        if (seeded.Standing is not VoterStanding.Standby || !present.Names.IsSubsetOf(seeded.Voters))
        {
            return new VoterChangeOutcome.Refused($"{node} is {seeded.Standing} with the list {{{string.Join(", ", seeded.Voters)}}} after it was seeded with {present}");
        }
        return await book.AddVoterAsync(node, cancellation).ConfigureAwait(false)
            ? await NameAsync(cancellation).ConfigureAwait(false)
            : new VoterChangeOutcome.Unclear($"{node} could not catch up with the log");
    }

    private async Task<VoterChangeOutcome> RemoveAsync(string node, CancellationToken cancellation)
    {
        await book.ReadAsync(cancellation).ConfigureAwait(false);
        if (!book.Voters.Names.Contains(node))
        {
            return new VoterChangeOutcome.Done();
        }
        if (node == book.Self)
        {
            return new VoterChangeOutcome.Refused($"{node} leads: it resigns first");
        }
        return await book.RemoveVoterAsync(node, cancellation).ConfigureAwait(false)
            ? await NameAsync(cancellation).ConfigureAwait(false)
            : new VoterChangeOutcome.Unclear($"the removal of {node} was not taken");
    }

    // For followers and people; the log's own list decides.
    private async Task<VoterChangeOutcome> NameAsync(CancellationToken cancellation)
    {
        await book.AppendAsync(new BookCommand { Who = "site", NameVoters = new NameVoters { Voters = { book.Voters.Names } } }, cancellation).ConfigureAwait(false);
        return new VoterChangeOutcome.Done();
    }

    private VoterListNotice Notice()
    {
        var list = book.Voters;
        return new VoterListNotice { Leader = book.Self, Voters = { list.Names }, ListVersion = list.Version, Term = book.Leadership.Term };
    }

    private static VoterChangeOutcome Judge(VoterReport report) =>
        report.Refused ? new VoterChangeOutcome.Refused($"{report.Node}: {report.Trouble}") : new VoterChangeOutcome.Done();

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();
}

/// <summary>What became of a step.</summary>
public abstract record VoterChangeOutcome
{
    private VoterChangeOutcome()
    {
    }

    /// <summary>It is in effect.</summary>
    public sealed record Done : VoterChangeOutcome;

    /// <summary>It may have happened: plan again from the list as it is then.</summary>
    public sealed record Unclear(string Reason) : VoterChangeOutcome;

    /// <summary>It did not happen.</summary>
    public sealed record Refused(string Reason) : VoterChangeOutcome;
}
