using Edge.Cluster.Book;
using Edge.Messages.Site;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Members;

/// <summary>
/// One membership of this node: asks the leader for a lease and renews it until it is lost. An id is used once; whoever owns this makes the next one, with what acts under it.
/// Ends when the lease is lost, or with <see cref="DisposeAsync"/>.
/// </summary>
public sealed partial class SiteMember : IAsyncDisposable
{
    // Before the first grant, and after an answer that gave no time.
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    private readonly SiteMemberOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private volatile bool _leaving;
    private string _reason = "";

    /// <param name="options">Who asks, and whom.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Log.</param>
    public SiteMember(SiteMemberOptions options, TimeProvider time, ILogger<SiteMember> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time, _log) = (options, time, log);
        Lease = new(options.Member, time);
        _running = Task.Run(RunAsync);
    }

    /// <summary>The right to act.</summary>
    public MemberLease Lease { get; }

    /// <summary>Completes with the first grant; cancelled when there never was one.</summary>
    public Task Granted => _granted.Task;

    /// <summary>Why the last renewal was not granted; empty if it was.</summary>
    public string Reason => Volatile.Read(ref _reason);

    /// <summary>The leader's clock less this node's, in microseconds, as the last answer showed it. For people; decides nothing.</summary>
    public long ClockOffsetUs { get; private set; }

    /// <summary>Asks the leader to move this node's actors away, and then to let it go.</summary>
    public void Leave() => _leaving = true;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        Lease.Dispose();
        _granted.TrySetCanceled();
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var lost = Lease.Lost.ContinueWith(_ => ending.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!ending.IsCancellationRequested)
        {
            var wait = await AskAsync(ending.Token);
            await Task.Delay(wait, _time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (Lease.Lost.IsCompleted) await lost;
    }

    private async Task<TimeSpan> AskAsync(CancellationToken cancellation)
    {
        var sent = Lease.BeginRenewal();
        var request = new RenewRequest
        {
            Node = _options.Node,
            Member = _options.Member,
            Applied = _options.Applied(),
            Load = _options.Load(),
            FlushP99Ms = _options.FlushP99().TotalMilliseconds,
            ClockUs = Micros(),
            Leaving = _leaving,
            Joining = !_granted.Task.IsCompleted,
            Replaces = _options.Replaces,
        };
        RenewReply reply;
        try
        {
            reply = await _options.Ask(request, cancellation);
        }
        catch (BookUnavailableException nobody)
        {
            Note(nobody.Message);
            return AskAgain;
        }
        catch (OperationCanceledException)
        {
            return TimeSpan.Zero;
        }

        if (reply.Ended)
        {
            LogEnded(_options.Member, reply.Reason);
            Lease.Revoke(reply.Reason);
            return TimeSpan.Zero;
        }

        if (!reply.Granted)
        {
            Note(reply.Reason);
            return AskAgain;
        }

        if (Lease.Extend(sent, TimeSpan.FromMilliseconds(reply.LeaseMs))) _granted.TrySetResult();
        ClockOffsetUs = reply.ClockUs - Micros();
        Note("");
        return TimeSpan.FromMilliseconds(reply.RenewEveryMs);
    }

    private void Note(string reason) => Volatile.Write(ref _reason, reason);

    private long Micros() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [LoggerMessage(8210, LogLevel.Warning, "Member {Member} of this node is over: {Reason}")]
    private partial void LogEnded(string member, string reason);
}
