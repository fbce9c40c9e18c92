using System.Threading.Channels;
using Edge.Actors.Intake;
using Edge.Cluster.Book;
using Edge.Messages.Intake;
using Edge.Messages.Site;
using Grpc.Core;
using LoggedReading = Edge.Messages.Site.LoggedReading;

namespace Edge.Node.Site;

/// <summary>
/// Puts readings of channels with <c>durability: replicated</c> onto a second node's disk before they are acknowledged. It follows the node's own log, so that nothing waits in memory twice:
/// what a mirror lacks is read again from there, after a lost connection as after a change of mirror. While there is no second node, such readings are not acknowledged, and
/// <see cref="Health"/> says so.
/// </summary>
/// <remarks>A mirror has every wanted reading since the log's trim point, so any one of them is enough for a successor. Ends with <see cref="DisposeAsync"/>.</remarks>
internal sealed partial class LogMirror : IAsyncDisposable
{
    // Readings in one batch: some 200 KB, a flush takes about as long as its transfer.
    private const int BatchMax = 512;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly LogName _name;
    private readonly IIntakeLog _log;
    private readonly Func<Reading, bool> _wants;
    private readonly Func<string, CallInvoker> _dial;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource> _waiting = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<bool> _appended = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _running;
    private CancellationTokenSource _aiming = new();
    private string? _target;
    private long _confirmed;
    private string? _problem;

    /// <param name="name">Name of the log.</param>
    /// <param name="log">The node's own log.</param>
    /// <param name="wants">Whether a reading is for a channel that wants it on a second node.</param>
    /// <param name="dial">Connects to a node by its name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Log.</param>
    public LogMirror(LogName name, IIntakeLog log, Func<Reading, bool> wants, Func<string, CallInvoker> dial, TimeProvider time, ILogger logger)
    {
        (_name, _log, _wants, _dial, _time, _logger) = (name, log, wants, dial, time, logger);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Why readings that want a second node are not acknowledged now; null when they are.</summary>
    public string? Health
    {
        get { lock (_gate) return _waiting.Count == 0 ? null : _problem; }
    }

    /// <summary>Readings that wait for a second node.</summary>
    public int Waiting
    {
        get { lock (_gate) return _waiting.Count; }
    }

    /// <summary>Names the node that keeps the copy from now on; null: there is none.</summary>
    public void Aim(string? node)
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            if (node == _target) return;
            (_target, before, _aiming) = (node, _aiming, new());
            (_confirmed, _problem) = (0, node is null ? "no second node is a member of the site" : null);
        }

        before.Cancel();
        before.Dispose();
    }

    /// <summary>Notes a reading that was appended at <paramref name="sequence"/>; in the order of the log.</summary>
    public void Appended(long sequence, Reading reading)
    {
        if (!_wants(reading)) return;
        lock (_gate)
        {
            if (sequence > _confirmed) _waiting[sequence] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _appended.Writer.TryWrite(true);
    }

    /// <summary>Completes when the reading at <paramref name="sequence"/> is on a second node's stable storage; at once if it wants none.</summary>
    public Task MirroredAsync(long sequence)
    {
        lock (_gate) return _waiting.TryGetValue(sequence, out var waiting) ? waiting.Task : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
        _aiming.Dispose();
        lock (_gate)
        {
            foreach (var waiting in _waiting.Values) waiting.TrySetException(new IntakeUnavailableException("The node stops; the reading is not on a second node yet."));
            _waiting.Clear();
        }
    }

    private async Task RunAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            var (target, aimed) = Aimed();
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, aimed);
            try
            {
                if (target is null) await Task.Delay(Timeout.InfiniteTimeSpan, _time, ending.Token);
                else await MirrorAsync(target, ending.Token);
            }
            catch (Exception ended) when (ending.IsCancellationRequested && ended is OperationCanceledException or RpcException)
            {
                // The aim changed, or the node stops: the loop's condition tells.
            }
            catch (RpcException failure)
            {
                await RestAsync(target!, failure, ending.Token);
            }
        }
    }

    private async Task MirrorAsync(string target, CancellationToken cancellation)
    {
        using var call = new Mirroring.MirroringClient(_dial(target)).Mirror(cancellationToken: cancellation);
        await call.RequestStream.WriteAsync(new() { Log = _name.ToString() }, cancellation);
        if (!await call.ResponseStream.MoveNext(cancellation)) throw new RpcException(new(StatusCode.Unavailable, "closed"));
        // What the log let go of is in a committed state that the standby has too; a reading of it that still waits is never sent, and must not wait for ever.
        var sent = Math.Max(call.ResponseStream.Current.UpTo, _log.First - 1);
        Confirm(sent);
        LogMirroring(target, sent);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var confirming = ConfirmAsync(call.ResponseStream, ending);
        try
        {
            while (!ending.IsCancellationRequested)
            {
                if (_log.First - 1 is var gone && gone > sent) Confirm(sent = gone);
                var batch = Next(sent);
                if (batch.UpTo > sent)
                {
                    await call.RequestStream.WriteAsync(batch, ending.Token);
                    sent = batch.UpTo;
                }
                else if (_log.Last is var last && last > sent)
                {
                    if (!await TryFlushAsync(last, ending.Token)) sent = last;
                }
                else
                {
                    await _appended.Reader.ReadAsync(ending.Token);
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await confirming;
        }
    }

    // False when what waits was never kept: it has no copy either, and its devices get no acknowledgement.
    private async Task<bool> TryFlushAsync(long sequence, CancellationToken cancellation)
    {
        try
        {
            await _log.FlushedAsync(sequence).AsTask().WaitAsync(cancellation);
            return true;
        }
        catch (IntakeUnavailableException)
        {
            return _log.Read(sequence - 1, 1).Count > 0;
        }
    }

    private MirrorBatch Next(long sent)
    {
        var batch = new MirrorBatch { UpTo = sent, Trimmed = _log.First - 1 };
        foreach (var (sequence, reading) in _log.Read(sent, BatchMax))
        {
            if (_wants(reading)) batch.Readings.Add(new LoggedReading { Sequence = sequence, Reading = reading });
            batch.UpTo = sequence;
        }

        return batch;
    }

    private async Task ConfirmAsync(IAsyncStreamReader<Mirrored> answers, CancellationTokenSource ending)
    {
        try
        {
            while (await answers.MoveNext(ending.Token)) Confirm(answers.Current.UpTo);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private void Confirm(long upTo)
    {
        List<TaskCompletionSource> done = [];
        lock (_gate)
        {
            (_confirmed, _problem) = (Math.Max(_confirmed, upTo), null);
            foreach (var sequence in _waiting.Keys.Where(s => s <= upTo).ToList())
            {
                _waiting.Remove(sequence, out var waiting);
                done.Add(waiting!);
            }
        }

        foreach (var waiting in done) waiting.TrySetResult();
    }

    private async Task RestAsync(string target, RpcException failure, CancellationToken cancellation)
    {
        bool first;
        lock (_gate)
        {
            first = _problem is null;
            _problem = $"node '{target}', which keeps the copies, does not: {failure.Status.Detail}";
        }

        if (first) LogNotMirrored(target, failure.Status.Detail);
        await Task.Delay(Retry, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private (string? Target, CancellationToken Aimed) Aimed()
    {
        lock (_gate) return (_target, _aiming.Token);
    }

    [LoggerMessage(4030, LogLevel.Information, "Readings that want a second node go to {Node}, from {Sequence}")]
    private partial void LogMirroring(string node, long sequence);

    [LoggerMessage(4031, LogLevel.Warning, "Readings that want a second node are not acknowledged: {Node} does not take them ({Reason}). It is tried again until the site names another")]
    private partial void LogNotMirrored(string node, string reason);
}
