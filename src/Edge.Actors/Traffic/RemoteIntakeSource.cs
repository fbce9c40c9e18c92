using Edge.Actors.Intake;
using Edge.Cluster.Transport;
using Edge.Messages.Book;
using Edge.Messages.Channels;
using Edge.Messages.Site;
using Microsoft.Extensions.Logging;
using Proto;

namespace Edge.Actors.Traffic;

/// <summary>
/// Another node's intake log, pulled by one channel over a stream that is opened anew, with growing pauses, whenever it ends: while the node is away its readings are delayed, not lost. Readings wait here up to
/// the credit that was granted (<see cref="Window"/>), so that the channel need not wait for the network. Ends with its disposal.
/// </summary>
internal sealed partial class RemoteIntakeSource : IIntakeSource
{
    /// <summary>Readings that may be on the way or wait here.</summary>
    public const int Window = 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ChannelPeers _peers;
    private readonly ChannelId _channel;
    private readonly Epoch _epoch;
    private readonly long _ticket;
    private readonly Action<object> _tell;
    private readonly Func<IReadOnlyList<string>> _holders;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private readonly SemaphoreSlim _toSend = new(0);
    private readonly Lock _gate = new();
    private readonly Queue<ReadingBatch> _ready = [];
    private long _received;
    private long _committed;
    private long _committedSent;
    private int _credit;
    private int _held;
    private bool _asked;
    private bool _reached = true;

    /// <param name="peers">The way to other nodes.</param>
    /// <param name="log">The log, by its node's name.</param>
    /// <param name="channel">Whose readings.</param>
    /// <param name="epoch">Under which this node owns the channel.</param>
    /// <param name="cursor">Last reading of the log that the channel has.</param>
    /// <param name="ticket">Goes with every answer.</param>
    /// <param name="holders">Logs of the nodes that may hold a copy of this one's, asked while its own node is away.</param>
    /// <param name="tell">Sends an answer to the channel's actor.</param>
    /// <param name="time">For pauses.</param>
    /// <param name="logger">Log lines.</param>
    public RemoteIntakeSource(ChannelPeers peers, string log, ChannelId channel, Epoch epoch, long cursor, long ticket, Func<IReadOnlyList<string>> holders, Action<object> tell, TimeProvider time, ILogger logger)
    {
        (_peers, Log, _channel, _epoch, _received, _ticket, _holders, _tell, _time, _logger) = (peers, log, channel, epoch, cursor, ticket, holders, tell, time, logger);
        _ended = _end.Token;
        _ = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public string Log { get; }

    /// <inheritdoc/>
    public Task PullAsync(IContext context, long cursor, int credit, bool wait)
    {
        lock (_gate)
        {
            _asked = true;
            if (_ready.Count > 0) Give();
            else if (!wait) GiveNothing();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task HurryAsync(IContext context)
    {
        lock (_gate)
        {
            if (_asked) GiveNothing();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CommittedAsync(IContext context, long cursor)
    {
        lock (_gate) _committed = Math.Max(_committed, cursor);
        _toSend.Release();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private void Give()
    {
        var batch = _ready.Dequeue();
        _asked = false;
        _held -= batch.Entries.Count;
        _credit += batch.Entries.Count;
        _tell(batch);
        _toSend.Release();
    }

    private void GiveNothing()
    {
        _asked = false;
        _tell(new ReadingBatch(Log, [], _received, _ticket));
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_ended.IsCancellationRequested)
        {
            var (before, problem) = (Received, await PullFromAsync(Log, () => failures = 0));
            if (_ended.IsCancellationRequested) return;

            // What other nodes hold of this log: readings that were put on a second node before they were acknowledged. They go on from here when the log's own node is back.
            if (!await PullCopiesAsync()) Lost(problem);
            if (Received > before) failures = 0;
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(failures++, 10)));
            await Task.Delay(pause, _time, _ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // True if some node holds a copy, and all of it was read.
    private async Task<bool> PullCopiesAsync()
    {
        var found = false;
        foreach (var holder in _holders().Where(holder => holder != Log))
        {
            if (_ended.IsCancellationRequested) return found;
            found |= (await PullFromAsync(holder, static () => { })).Length == 0;
        }

        return found;
    }

    private async Task<string> PullFromAsync(string holder, Action good)
    {
        try
        {
            using var call = _peers.Pull(holder, _ended);
            return await PullAsync(call, holder, good);
        }
        catch (PeerUnavailableException unavailable)
        {
            return unavailable.Message;
        }
    }

    private long Received
    {
        get { lock (_gate) return _received; }
    }

    // Until the stream ends; then why. Empty: a copy was read to its end.
    private async Task<string> PullAsync(PullCall call, string holder, Action good)
    {
        await call.SendAsync(Opening());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_ended);
        var telling = TellAsync(call, over.Token);
        try
        {
            await foreach (var batch in call.BatchesAsync(_ended))
            {
                if (batch.Fenced)
                {
                    // The channel ends, and this with it.
                    _tell(new PullRefused(Log, batch.Refused, Fenced: true, _ticket));
                }

                if (batch.Refused.Length > 0) return batch.Refused;
                if (Foreign(batch) is { } foreign) return foreign;
                good();
                if (holder == Log) Reached();
                Receive(batch);
            }

            return holder == Log ? $"Node '{Log}' ended the pull." : "";
        }
        finally
        {
            await over.CancelAsync();
            await telling;
        }
    }

    private PullRequest Opening()
    {
        lock (_gate)
        {
            (_credit, _committedSent) = (0, _committed);
            return new() { Channel = _channel.ToString(), Log = Log, Epoch = _epoch, Cursor = _received, Credit = Math.Max(0, Window - _held), Committed = _committed };
        }
    }

    private async Task TellAsync(PullCall call, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await _toSend.WaitAsync(over);
                if (News() is { } news) await call.SendAsync(news);
            }
        }
        catch (Exception gone) when (gone is PeerUnavailableException or OperationCanceledException)
        {
            // Who reads the batches sees it too, and opens the next stream.
        }
    }

    private PullRequest? News()
    {
        lock (_gate)
        {
            if (_credit == 0 && _committed == _committedSent) return null;
            var news = new PullRequest { Credit = _credit };
            if (_committed != _committedSent) news.Committed = _committed;
            (_credit, _committedSent) = (0, _committed);
            return news;
        }
    }

    private void Receive(PullBatch batch)
    {
        lock (_gate)
        {
            if (batch.Readings.Count == 0 && batch.Cursor == _received) return;
            var place = _received;
            var entries = new InboxEntry[batch.Readings.Count];
            for (var i = 0; i < entries.Length; i++)
            {
                var logged = batch.Readings[i];
                if (logged.Sequence > 0) place = logged.Sequence;
                entries[i] = new(Log, place, logged.Reading);
            }

            _received = batch.Cursor;
            _held += entries.Length;
            _ready.Enqueue(new(Log, entries, batch.Cursor, _ticket));
            if (_asked) Give();
        }
    }

    // A log that ends before what was read of it is another one: the node began with an empty data folder.
    private string? Foreign(PullBatch batch) => batch.Cursor <= batch.Last
        ? null
        : $"The intake log of node '{Log}' ends at {batch.Last}, and this channel has read it up to {batch.Cursor}: it is another log. Give the node another name, or its former data folder.";

    private void Reached()
    {
        if (_reached) return;
        _reached = true;
        LogReached(_channel.ToString(), Log);
        _tell(new SourceChanged(Log, null, _ticket));
    }

    private void Lost(string problem)
    {
        _tell(new SourceChanged(Log, $"Readings that only node '{Log}' holds are delayed until it can be reached: {problem}", _ticket));
        if (!_reached) return;
        _reached = false;
        LogLost(_channel.ToString(), Log, problem);
    }

    // At debug: every channel would say it of a node that is gone. Each shows it in its health; the membership says it once.
    [LoggerMessage(2060, LogLevel.Debug, "Channel {Channel}: readings that only node {Node} holds are delayed until it can be reached: {Reason}")]
    private partial void LogLost(string channel, string node, string reason);

    [LoggerMessage(2061, LogLevel.Debug, "Channel {Channel}: readings of node {Node} come again")]
    private partial void LogReached(string channel, string node);
}
