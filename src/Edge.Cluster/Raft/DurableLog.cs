using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Edge.Cluster.Raft;

/// <summary>
/// The library's log, with the one thing added that it leaves out: a follower's entries are on stable storage before it acknowledges them. The library returns from an append when the entries are in memory
/// and flushes in the background; killing all voters at once then loses acknowledged commands (measured with 6.12.0: 4 runs of 79). The leader needs no change: it commits only what it has flushed.
/// </summary>
/// <param name="options">The library's.</param>
/// <param name="machine">What entries are applied to.</param>
/// <param name="flushing">Called as an append of entries begins; what it returns, when they are flushed.</param>
internal sealed class DurableLog(WriteAheadLog.Options options, IStateMachine machine, Func<Action> flushing) : WriteAheadLog(options, machine), IAuditTrail<IRaftLogEntry>
{
    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(ILogEntryProducer<TEntry> entries, long startIndex, bool skipCommitted, CancellationToken token)
    {
        var flushed = flushing();
        await AppendAsync(entries, startIndex, skipCommitted, token).ConfigureAwait(false);
        await FlushAsync(token).ConfigureAwait(false);
        flushed();
    }
}
