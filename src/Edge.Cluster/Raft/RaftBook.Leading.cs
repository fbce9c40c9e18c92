using System.Security.Cryptography;
using DotNext.IO.Log;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Raft;

// How a command or a read finds its leader, and what the leader does with it.
public sealed partial class RaftBook
{
    /// <summary>Tries here, then where the leader is, until the answer comes or patience ends. An attempt that ended without an answer may have been carried out: the request id makes the next one harmless.</summary>
    private async Task<T> AskLeaderAsync<T>(string doing, Func<CancellationToken, Task<T?>> here, Func<string, CancellationToken, Task<T?>> there, Func<T, long> index, CancellationToken cancellation)
        where T : class
    {
        using var patience = new CancellationTokenSource(_options.Patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token, _closing.Token);
        var asked = "nobody: no leader is known";
        try
        {
            while (true)
            {
                if (await here(both.Token).ConfigureAwait(false) is { } answer)
                {
                    return answer;
                }
                if (LeaderName is { Length: > 0 } leader && leader != Self)
                {
                    try
                    {
                        if (await there(leader, both.Token).ConfigureAwait(false) is { } reply)
                        {
                            await CatchUpAsync(index(reply), both.Token).ConfigureAwait(false);
                            return reply;
                        }
                        asked = $"{leader} (does not lead)";
                    }
                    catch (IOException refused)
                    {
                        asked = $"{leader} ({refused.Message})";
                    }
                }
                await Task.Delay(_options.RetryAfter, _time, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new BookUnavailableException(
                $"No leader with a majority of the voters {string.Join(", ", Voters.Names)} could {doing} within {_options.Patience.TotalSeconds:0.#} s. Last asked: {asked}. Check that a majority of them runs and is reachable.", late);
        }
        catch (IntegrityException broken)
        {
            throw new BookUnavailableException($"The log of '{Self}' in {_options.Folder} has stopped: {broken.Message} Check the disk and restart the node.", broken);
        }
    }

    /// <summary>Appends if this node leads; null when it does not, or no longer did before the outcome was known.</summary>
    private async Task<BookOutcome?> AppendHereAsync(BookCommand command, CancellationToken cancellation)
    {
        if (_raft.Leader is not { IsRemote: false })
        {
            return null;
        }
        // The leader's clock is the site's.
        var stamped = command.Clone();
        stamped.TimeUs = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var bytes = stamped.ToByteArray();
        if (bytes.Length > CommandMaxBytes)
        {
            return new BookOutcome
            {
                Refusals = { new Refusal { Reason = RefusalReason.Invalid, Message = $"The command has {bytes.Length} bytes; the book takes {CommandMaxBytes}. Split it." } },
            };
        }
        var pending = new PendingAppend(command.RequestId);
        try
        {
            await _raft.ReplicateAsync(new ReadOnlyMemory<byte>(bytes), pending, cancellation).ConfigureAwait(false);
            return pending.Outcome;
        }
        catch (Exception lost) when (lost is NotLeaderException or QuorumUnreachableException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The index that a linearizable read must have applied, after a round that a majority answered; null if this node does not lead. Only the leader may say: the library's own barrier on a follower takes the
    /// leader's commit index as it is, which right after an election may be behind what the last leader acknowledged (6.12.0).
    /// </summary>
    private async Task<BarrierReply?> BarrierHereAsync(CancellationToken cancellation)
    {
        if (_raft.Leader is not { IsRemote: false })
        {
            return null;
        }
        try
        {
            using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _led);
            await _raft.ApplyReadBarrierAsync(ReadBarrierType.Strong, leading.Token).ConfigureAwait(false);
            return _led.IsCancellationRequested ? null : new BarrierReply { Index = (ulong)_log.LastAppliedIndex };
        }
        catch (Exception lost) when (lost is NotLeaderException or QuorumUnreachableException or MemberUnavailableException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Waits until an index that the leader committed is applied here. The leader tells what is committed with its next round; the library's barrier asks it for one now.</summary>
    private async Task CatchUpAsync(long index, CancellationToken cancellation)
    {
        try
        {
            if (_log.LastAppliedIndex < index)
            {
                await _raft.ApplyReadBarrierAsync(ReadBarrierType.Weak, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception lost) when (lost is NotLeaderException or QuorumUnreachableException or MemberUnavailableException)
        {
            // The next round comes by itself.
        }
        await _log.WaitForApplyAsync(index, cancellation).ConfigureAwait(false);
    }

    private NotLeading WhereTheLeaderIs()
    {
        var leader = LeaderName;
        return new NotLeading { Leader = leader == Self ? "" : leader, Address = Current.Nodes.GetValueOrDefault(leader)?.Addresses?.Node ?? "" };
    }

    private static BookCommand WithNewId(BookCommand command)
    {
        var named = command.Clone();
        named.RequestId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));
        return named;
    }

    /// <summary>While this node leads, asks the majority three times within a lease, and notes when each answered round began.</summary>
    private async Task KeepLeaseAsync()
    {
        try
        {
            while (true)
            {
                // Completes when everything up to this leader's own first entry is applied: before that its book may be behind what the last leader acknowledged.
                var leading = await _raft.WaitForLeadershipAsync(_closing.Token).ConfigureAwait(false);
                _led = leading;
                await RenewAsync(leading).ConfigureAwait(false);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or IntegrityException)
        {
            // Closed, or the disk failed: WatchDiskAsync says so.
        }
    }

    private async Task RenewAsync(CancellationToken leading)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(leading, _closing.Token);
        var told = false;
        while (!leading.IsCancellationRequested)
        {
            try
            {
                var began = _time.GetTimestamp();
                await _raft.ApplyReadBarrierAsync(ReadBarrierType.Strong, both.Token).ConfigureAwait(false);
                if (!leading.IsCancellationRequested)
                {
                    _lease.Confirm(began);
                }
                if (!told)
                {
                    told = true;
                    Leads(_logger, Self, Term);
                    LeadershipChanged?.Invoke(Leadership);
                }
                await Task.Delay(_options.Timings.Lease / 3, _time, both.Token).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is NotLeaderException or QuorumUnreachableException or MemberUnavailableException || (lost is OperationCanceledException && !_closing.IsCancellationRequested))
            {
                // The library's token tells when it is over; a lost round alone only lets the lease run out.
            }
        }
        if (told)
        {
            LeadsNoMore(_logger, Self);
            LeadershipChanged?.Invoke(Leadership);
        }
    }

    /// <summary>Gives a follower that refuses the newest snapshot a newer one: a command that changes nothing is its index. At most once in two seconds.</summary>
    private async Task RefreshAsync()
    {
        try
        {
            await Task.Yield();
            await AppendHereAsync(WithNewId(new BookCommand { Who = "site", NameVoters = new NameVoters { Voters = { Voters.Names } } }), _closing.Token).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromSeconds(2), _time, _closing.Token).ConfigureAwait(false);
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or IntegrityException)
        {
            // Closed, or the disk failed.
        }
    }

    private async Task WatchDiskAsync()
    {
        try
        {
            // An index that never comes: the wait ends with the log's failure, or with the book.
            await _log.WaitForApplyAsync(long.MaxValue, _closing.Token).ConfigureAwait(false);
        }
        catch (IntegrityException broken)
        {
            LogStopped(_logger, Self, _options.Folder, broken.Message);
            _failed.TrySetResult(broken.Message);
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
