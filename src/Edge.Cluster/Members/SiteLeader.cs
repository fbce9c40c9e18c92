using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using Edge.Cluster.Book;
using Edge.Cluster.Placements;
using Edge.Cluster.Transport;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Members;

/// <summary>
/// Carries out what membership and placement decide, on whichever node leads: grants leases, and commits members that come and go together with where their actors are from then on. Idle on
/// all other nodes. What it decides is in <see cref="MembershipPlan"/>; this class only feeds it, in the order of the book. Ends with <see cref="DisposeAsync"/>.
/// </summary>
public sealed partial class SiteLeader : ILeaseDesk, IAsyncDisposable
{
    // How often a node looks whether it leads: what it adds to the failover of a leader at most.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    // A leader wakes when something came, or a lease runs out; and now and then, for what depends on time alone (lease times, balance).
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(5);

    // Changes of the book that wait for the leader. A leader that is that far behind begins anew with the book as it is.
    private const int ChangesMax = 10_000;

    private readonly string _self;
    private readonly IBook _book;
    private readonly Func<BookCommand, CancellationToken, Task<AppendReply>> _appendHere;
    private readonly Func<BookState, IEnumerable<ActorDemand>> _demands;
    private readonly PlacementOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<BookChange> _changes = Channel.CreateBounded<BookChange>(new BoundedChannelOptions(ChangesMax) { SingleReader = true });
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _ending = new();
    private readonly IDisposable _watch;
    private readonly Task _running;
    private readonly ConcurrentDictionary<string, (RenewRequest Request, long At, long OffsetUs)> _heard = new(StringComparer.Ordinal);
    private volatile LeaseTable? _table;

    /// <param name="self">This node.</param>
    /// <param name="book">The site's book.</param>
    /// <param name="appendHere">Appends if this node leads, and never elsewhere: what a leader decides is void under another.</param>
    /// <param name="demands">The actors that a book's resources ask for.</param>
    /// <param name="options">Bounds of placement.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Log.</param>
    public SiteLeader(
        string self, IBook book, Func<BookCommand, CancellationToken, Task<AppendReply>> appendHere, Func<BookState, IEnumerable<ActorDemand>> demands, PlacementOptions options, TimeProvider time, ILogger<SiteLeader> log)
    {
        ArgumentNullException.ThrowIfNull(book);
        (_self, _book, _appendHere, _demands, _options, _time, _log) = (self, book, appendHere, demands, options, time, log);
        _watch = book.Watch(change =>
        {
            // A full queue loses a change; the lead below notices the gap.
            if (_table is null) return;
            _changes.Writer.TryWrite(change);
            _news.Writer.TryWrite(true);
        });
        _running = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public RenewReply Renew(RenewRequest request, string peer)
    {
        ArgumentNullException.ThrowIfNull(request);
        var receivedAt = _time.GetTimestamp();
        if (request.Node != peer) return new() { Ended = true, Reason = $"Node '{peer}' asks for a lease of node '{request.Node}'. Allowed: its own." };
        if (_table is not { } table) return NotLeading();
        var outcome = table.Renew(request, _book.Current, receivedAt);

        // Asked after the grant was noted: a leader that was paused in between must not answer as one.
        if (!_book.Leadership.Leads) return NotLeading();
        var reply = outcome switch
        {
            RenewalOutcome.Granted granted => new RenewReply { Granted = true, LeaseMs = (uint)granted.Lease.TotalMilliseconds, RenewEveryMs = (uint)granted.RenewEvery.TotalMilliseconds },
            RenewalOutcome.Ended ended => new() { Ended = true, Reason = ended.Reason },
            RenewalOutcome.Later later => new() { Reason = later.Reason },
            var other => throw new InvalidOperationException($"Unexpected outcome {other.GetType().Name}."),
        };
        reply.Committed = _book.Current.Index;
        reply.ClockUs = Micros();
        if (!reply.Granted || request.Leaving) _news.Writer.TryWrite(true);
        if (reply.Granted) _heard[peer] = (request, receivedAt, request.ClockUs - reply.ClockUs);
        return reply;
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemberSight> Look()
    {
        if (_table is not { } table) return [];
        var (now, lease) = (_time.GetTimestamp(), TimeSpan.FromMilliseconds(table.Lead.LeaseMs));
        return [.. _heard.Values.Where(heard => _book.Current.Nodes.ContainsKey(heard.Request.Node)).Select(heard => new MemberSight
        {
            Node = heard.Request.Node,
            LeaseLeftMs = (uint)Math.Max(0, (lease - _time.GetElapsedTime(heard.At, now)).TotalMilliseconds),
            Applied = heard.Request.Applied,
            ClockOffsetUs = heard.OffsetUs,
            Load = heard.Request.Load,
            FlushP99Ms = heard.Request.FlushP99Ms,
        })];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _ending.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        while (await timer.WaitForNextTickAsync(_ending.Token))
        {
            if (!_book.Leadership.Leads) continue;
            try
            {
                await LeadAsync();
            }
            catch (BookUnavailableException lost)
            {
                // The majority is away, or another leads: nothing was decided that is not in the book.
                LogLeadLost(lost.Message);
            }
            finally
            {
                _table = null;
                _heard.Clear();
            }
        }
    }

    private async Task LeadAsync()
    {
        var electedAt = _time.GetTimestamp();
        var times = LeaseTimes.Default;
        var index = await TakeLeadAsync(times, settledLead: 0);
        if (_book.Current is not { Lead: { } lead } state || lead.Index != index) return;
        while (_changes.Reader.TryRead(out _)) { }
        var table = new LeaseTable(lead, state, electedAt, _time);
        _table = table;

        // The queue fills from here on; what came between the two reads is in the later one.
        state = _book.Current;
        if (state.Lead?.Index != index) return;
        table.Observe(new(BookState.Empty, state, null), _time.GetTimestamp());
        var board = new PlacementBoard(state);
        board.Demand(_demands(state));
        LogLeads(_self, index);
        while (_book.Leadership.Leads)
        {
            while (_changes.Reader.TryRead(out var change))
            {
                if (change.After.Index <= state.Index) continue;
                if (change.Before.Index != state.Index || change.After.Lead?.Node != _self) return;
                Follow(change, table, board);
                state = change.After;
            }

            if (MembershipPlan.Next(state, board, table, _time.GetTimestamp(), _options) is { } step)
            {
                await CommitAsync(step);
                continue;
            }

            times = await FollowTimesAsync(times, table, state);
            await RestAsync(table);
        }
    }

    private async Task RestAsync(LeaseTable table)
    {
        var now = _time.GetTimestamp();
        var rest = table.NextExpiry() is { } expiry ? _time.GetElapsedTime(now, Math.Max(now, expiry)) : LongestRest;
        using var limit = new CancellationTokenSource(TimeSpan.FromTicks(Math.Clamp(rest.Ticks, ShortestRest.Ticks, LongestRest.Ticks)), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ending.Token);
        try
        {
            await _news.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
        {
            // Nothing came; a lease may have run out.
        }
    }

    private void Follow(BookChange change, LeaseTable table, PlacementBoard board)
    {
        table.Observe(change, _time.GetTimestamp());
        board.Apply(change);
        if (change.Before.Resources != change.After.Resources) board.Demand(_demands(change.After));
    }

    private async Task CommitAsync(SiteStep step)
    {
        var outcome = await AppendAsync(step.ToCommand(RandomNumberGenerator.GetBytes(16), Micros(), BookFormat.Current));
        foreach (var left in step.Members?.Left ?? []) LogLeft(left.Node, left.Member, left.Reason);
        foreach (var joined in step.Members?.Joined ?? []) LogJoined(joined.Node, joined.Member);
        foreach (var refusal in outcome.Refusals) LogRefused(refusal.Subject, refusal.Message);
    }

    private async Task<LeaseTimes> FollowTimesAsync(LeaseTimes times, LeaseTable table, BookState state)
    {
        var wanted = times.Follow(table.SlowestFlush(state.Voters));
        var now = _time.GetTimestamp();
        if (wanted.Lease == times.Lease && !table.CarriesOldLeases(now)) return times;
        await TakeLeadAsync(wanted, table.IsSettled(now) ? table.Lead.Index : 0);
        if (wanted.Lease != times.Lease) LogTimes(wanted.Lease.TotalMilliseconds, wanted.Expiry.TotalMilliseconds);
        return wanted;
    }

    private async Task<ulong> TakeLeadAsync(LeaseTimes times, ulong settledLead)
    {
        var command = new BookCommand
        {
            RequestId = Google.Protobuf.ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
            Who = "site",
            TimeUs = Micros(),
            Format = BookFormat.Current,
            TakeLead = new() { Node = _self, LeaseMs = (uint)times.Lease.TotalMilliseconds, ExpiryMs = (uint)times.Expiry.TotalMilliseconds, SettledLead = settledLead },
        };
        return (await AppendAsync(command)).Index;
    }

    private async Task<BookOutcome> AppendAsync(BookCommand command) =>
        (await _appendHere(command, _ending.Token)).Outcome ?? throw new BookUnavailableException($"Node '{_self}' leads no more.");

    private RenewReply NotLeading()
    {
        var leader = _book.Leadership.Leader;
        return new() { NotLeading = new() { Leader = leader, Address = _book.Current.Nodes.GetValueOrDefault(leader)?.Addresses?.Node ?? "" } };
    }

    private long Micros() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [LoggerMessage(8200, LogLevel.Information, "Node {Node} leads the site (book index {Index})")]
    private partial void LogLeads(string node, ulong index);

    [LoggerMessage(8201, LogLevel.Information, "The lead is over: {Reason}")]
    private partial void LogLeadLost(string reason);

    [LoggerMessage(8202, LogLevel.Information, "Node {Node} is a member ({Member})")]
    private partial void LogJoined(string node, string member);

    [LoggerMessage(8203, LogLevel.Warning, "Node {Node} is no member any more ({Member}: {Reason})")]
    private partial void LogLeft(string node, string member, string reason);

    [LoggerMessage(8204, LogLevel.Debug, "The book refused a step about {Subject}, which is planned anew: {Reason}")]
    private partial void LogRefused(string subject, string reason);

    [LoggerMessage(8205, LogLevel.Information, "Leases follow the voters' disks: {Lease} ms, expiry {Expiry} ms")]
    private partial void LogTimes(double lease, double expiry);
}
