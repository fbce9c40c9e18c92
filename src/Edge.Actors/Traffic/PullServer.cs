using System.Runtime.CompilerServices;
using Edge.Actors.Channels;
using Edge.Actors.Intake;
using Edge.Actors.Placement;
using Edge.Messages.Book;
using Edge.Messages.Channels;
using Edge.Messages.Site;
using Proto;

namespace Edge.Actors.Traffic;

/// <summary>
/// Serves this node's intake log to owners of channels on other nodes: asks the intake's actor as a channel of this node does, waits until what it gives is on stable storage, and sends it in
/// messages of about <see cref="BatchBytes"/>. Readings of QoS 0 go along while the owner is connected. Thread-safe.
/// </summary>
/// <param name="node">This node, whose log it is.</param>
/// <param name="log">The log.</param>
/// <param name="owners">The fence.</param>
/// <param name="copies">Copies of other nodes' logs.</param>
/// <param name="root">For questions to the intake's actor.</param>
/// <param name="intake">Where that actor is.</param>
internal sealed class PullServer(string node, IIntakeLog log, ChannelOwners owners, CopiedLogs copies, IRootContext root, Func<ValueTask<PID>> intake)
{
    /// <summary>A message is not made longer than this, but for a single reading that is.</summary>
    public const int BatchBytes = 1 << 20;

    private long _tickets;

    /// <inheritdoc cref="Edge.Cluster.Transport.IChannelTraffic.PullAsync"/>
    public async IAsyncEnumerable<PullBatch> PullAsync(string peer, IAsyncEnumerable<PullRequest> requests, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var asked = requests.GetAsyncEnumerator(cancellation);
        if (!await asked.MoveNextAsync()) yield break;
        var opening = asked.Current;
        if (Refusal(peer, opening) is { } refusal)
        {
            yield return refusal;
            yield break;
        }

        if (opening.Log != node)
        {
            foreach (var batch in copies.Read(opening)) yield return batch;
            yield break;
        }

        // Empty: it tells the owner that it is connected, and whether the log reaches as far as its cursor.
        yield return new PullBatch { Cursor = opening.Cursor, Last = log.Last };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pull = new ServedPull(opening.Cursor);
        pull.Heard(opening);
        var (id, epoch) = (ChannelId.Parse(opening.Channel), opening.Epoch ?? new Epoch());
        var listening = ListenAsync(asked, pull, peer, id, epoch, over);
        try
        {
            await TellAsync(peer, id, epoch, opening);
            while (await pull.CreditAsync(over.Token) is var credit and > 0)
            {
                var batches = await TakeAsync(peer, id, epoch, pull, credit, over.Token);
                foreach (var batch in batches) yield return batch;
                if (batches is [.., { Refused.Length: > 0 }] or []) yield break;
            }
        }
        finally
        {
            await over.CancelAsync();
            await listening;
        }
    }

    private PullBatch? Refusal(string peer, PullRequest opening)
    {
        if (opening.Log != node && !copies.Has(opening.Log)) return new PullBatch { Refused = $"Node '{node}' does not hold the intake log of '{opening.Log}'." };
        if (!opening.Channel.Contains('/', StringComparison.Ordinal)) return new PullBatch { Refused = $"'{opening.Channel}' names no channel; allowed: tenant/name." };
        return owners.Refusal(ChannelId.Parse(opening.Channel), peer, opening.Epoch ?? new Epoch()) is { } fenced ? new PullBatch { Refused = fenced, Fenced = true } : null;
    }

    private async Task ListenAsync(IAsyncEnumerator<PullRequest> asked, ServedPull pull, string peer, ChannelId channel, Epoch epoch, CancellationTokenSource over)
    {
        try
        {
            while (await asked.MoveNextAsync())
            {
                pull.Heard(asked.Current);
                await TellAsync(peer, channel, epoch, asked.Current);
            }
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task TellAsync(string peer, ChannelId channel, Epoch epoch, PullRequest request)
    {
        if (request.HasCommitted && owners.Refusal(channel, peer, epoch) is null) root.Send(await intake(), new PositionCommitted(channel, request.Committed));
    }

    // Nothing when the caller is gone.
    private async Task<IReadOnlyList<PullBatch>> TakeAsync(string peer, ChannelId channel, Epoch epoch, ServedPull pull, int credit, CancellationToken over)
    {
        var question = new PullReadings(channel, peer, epoch, pull.Cursor, Math.Min(credit, SensorChannel.Credit), Wait: true, Interlocked.Increment(ref _tickets));
        try
        {
            var answer = await root.RequestAsync<object>(await intake(), question, over);
            if (answer is not ReadingBatch batch) return [Refused((PullRefused)answer)];
            if (batch.Entries.LastOrDefault(e => e.Logged) is { Place: > 0 } last) await log.FlushedAsync(last.Place);
            pull.Gave(batch);
            return Parts(batch, question.Cursor);
        }
        catch (IntakeUnavailableException unavailable)
        {
            return [new PullBatch { Refused = unavailable.Message }];
        }
        catch (Exception gone) when (gone is OperationCanceledException || gone is TimeoutException && over.IsCancellationRequested)
        {
            // The actor library says so of a question whose caller gave up.
            return [];
        }
    }

    private static PullBatch Refused(PullRefused refused) => new() { Refused = refused.Reason, Fenced = refused.Fenced };

    private List<PullBatch> Parts(ReadingBatch batch, long cursor)
    {
        List<PullBatch> parts = [];
        var (part, bytes) = (new PullBatch(), 0);
        foreach (var entry in batch.Entries)
        {
            var size = entry.Reading.CalculateSize();
            if (bytes > 0 && bytes + size > BatchBytes)
            {
                parts.Add(Ended(part, cursor));
                (part, bytes) = (new PullBatch(), 0);
            }

            part.Readings.Add(new Messages.Site.LoggedReading { Sequence = entry.Logged ? entry.Place : 0, Reading = entry.Reading });
            bytes += size;
            if (entry.Logged) cursor = entry.Place;
        }

        parts.Add(Ended(part, batch.Cursor));
        return parts;
    }

    private PullBatch Ended(PullBatch part, long cursor)
    {
        (part.Cursor, part.Last) = (cursor, log.Last);
        return part;
    }
}
