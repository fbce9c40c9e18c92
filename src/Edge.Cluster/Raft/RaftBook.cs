using System.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Raft;

/// <summary>
/// The book as a voter has it: a Raft log (Ongaro 2014) on one or three voters. A command is answered when it is on stable storage of a majority and applied here. Reads are linearizable by a round of the
/// leader. Voters have names, not addresses. Ends with <see cref="DisposeAsync"/>, or when the disk fails (<see cref="Failed"/>). It changes voters only through <see cref="VoterChange"/>.
/// </summary>
public sealed partial class RaftBook : IBook, IAsyncDisposable
{
    /// <summary>Largest command. Bigger ones would hold up the heartbeats behind them.</summary>
    public const int CommandMaxBytes = 1 << 20;

    private readonly RaftBookOptions _options;
    private readonly BookForwarding _forwarding;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly VoterListStore _voters;
    private readonly BookLogMachine _machine;
    private readonly DurableLog _log;
    private readonly RaftCluster _raft;
    private readonly LeaderLease _lease;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _led = new(canceled: true);
    private Task _keeping = Task.CompletedTask;
    private Task _watchingDisk = Task.CompletedTask;
    private volatile Task _refreshing = Task.CompletedTask;

    private RaftBook(RaftBookOptions options, RaftTransport transport, BookForwarding forwarding, VoterListStore voters, BookLogMachine machine, DurableLog log, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _forwarding, _time, _voters, _machine, _log) = (options, forwarding, time, voters, machine, log);
        _logger = loggers.CreateLogger<RaftBook>();
        _lease = new LeaderLease(options.Timings.Lease, time);
        machine.SnapshotNotTaken += () => _refreshing = _refreshing.IsCompleted ? RefreshAsync() : _refreshing;
        voters.ConfigurationChanged += (_, _) =>
        {
            VotersChanged?.Invoke(voters.Current);
            return ValueTask.CompletedTask;
        };
        _raft = new RaftCluster(new RaftCluster.CustomTransportConfiguration(VoterName.ToEndPoint(options.Self), transport.Listener, transport.Dialer)
        {
            ConfigurationStorage = voters,
            ColdStart = false,
            LowerElectionTimeout = (int)options.Timings.ElectionLower.TotalMilliseconds,
            UpperElectionTimeout = (int)options.Timings.ElectionUpper.TotalMilliseconds,
            RequestTimeout = options.Timings.ElectionLower,
            IsLeaderLeaseEnabled = true,
            // The library warns of every attempt to reach a voter that is away; leases and reports say it once.
            LoggerFactory = new ErrorLoggers(loggers),
        })
        { AuditTrail = log };
    }

    /// <summary>Name of this node.</summary>
    public string Self => _options.Self;

    /// <inheritdoc/>
    public BookState Current => _machine.Current;

    /// <inheritdoc/>
    public BookLeadership Leadership =>
        new(!_led.IsCancellationRequested && _lease.Holds && _raft.TryGetLeaseToken(out var lease) && !lease.IsCancellationRequested, Term, LeaderName);

    /// <summary>Raised when this node begins or ends to lead, from a thread of the book; ask <see cref="Leadership"/> once after subscribing. Losing the lease alone raises nothing: ask <see cref="Leadership"/> before each act.</summary>
    public event Action<BookLeadership>? LeadershipChanged;

    /// <summary>Raised after another list came into effect here, on the applying thread, so it must be quick; ask <see cref="Voters"/> once after subscribing.</summary>
    public event Action<VoterList>? VotersChanged;

    /// <summary>Completes, with the reason in words, if the log stops because the disk failed. Nothing more is answered then; dispose, and open again.</summary>
    public Task<string> Failed => _failed.Task;

    /// <summary>The voters in effect here: applied, and on stable storage.</summary>
    public VoterList Voters => _voters.Current;

    /// <summary>Last log index that is applied here.</summary>
    public long AppliedIndex => _log.LastAppliedIndex;

    private long Term => ((IPersistentState)_log).Term;

    private string LeaderName => _raft.Leader is { } leader ? VoterName.FromEndPoint(leader.EndPoint) : "";

    /// <summary>Opens the log of a folder and takes part as the list in it says: as a voter, or in standby until added.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="BookFormatException">The log holds what this program does not know. The log is good; run a newer program.</exception>
    public static async Task<RaftBookOpening> OpenAsync(RaftBookOptions options, RaftTransport transport, BookForwarding forwarding, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(time);
        var folder = new LogFolder(options.Folder);
        if (!folder.Exists)
        {
            return new RaftBookOpening.Absent();
        }
        if (folder.MissingPart() is { Length: > 0 } missing)
        {
            return new RaftBookOpening.Damaged(missing);
        }
        if (VoterListStore.Open(folder.VotersPath, out var trouble) is not { } voters)
        {
            return new RaftBookOpening.Damaged(trouble);
        }
        var machine = new BookLogMachine(options, folder.SnapshotsPath, voters, loggers.CreateLogger<RaftBook>());
        if (!machine.Restore(out trouble))
        {
            return new RaftBookOpening.Damaged(trouble);
        }
        var (log, reason) = await RecoverAsync(options, folder, machine, cancellation).ConfigureAwait(false);
        if (log is null)
        {
            voters.Dispose();
            return new RaftBookOpening.Damaged(reason);
        }
        var book = new RaftBook(options, transport, forwarding, voters, machine, log, time, loggers);
        await book.StartAsync(cancellation).ConfigureAwait(false);
        return new RaftBookOpening.Opened(book);
    }

    /// <summary>Verifies the log's checksums and applies what was committed; null and the reason when the log is damaged.</summary>
    internal static async Task<(DurableLog? Log, string Reason)> RecoverAsync(RaftBookOptions options, LogFolder folder, BookLogMachine machine, CancellationToken cancellation)
    {
        DurableLog? log = null;
        try
        {
            log = new DurableLog(
                new WriteAheadLog.Options
                {
                    Location = folder.WalPath,
                    ChunkSize = options.ChunkBytes,
                    HashAlgorithm = WriteAheadLog.IntegrityHashAlgorithm.XxHash3,
                    // A full disk is then an exception. With mapped files it is a SIGBUS that ends the process.
                    MemoryManagement = WriteAheadLog.MemoryManagementStrategy.PrivateMemory,
                },
                machine,
                options.Flushing);
            // All checksums are compared before the first await of it, and nothing is applied before they were.
            var recovering = log.InitializeAsync(cancellation);
            if (!recovering.IsFaulted)
            {
                machine.LetThrough();
            }
            await recovering.ConfigureAwait(false);
            return (log, "");
        }
        catch (Exception damage) when (damage is IntegrityException or ArgumentException or OverflowException or IndexOutOfRangeException or InvalidProtocolBufferException)
        {
            await machine.DisposeAsync().ConfigureAwait(false);
            if (log is not null)
            {
                await log.DisposeAsync().ConfigureAwait(false);
            }
            if (damage.InnerException is BookFormatException newer)
            {
                throw newer;
            }
            return (null, $"the log in {folder.WalPath} is damaged: {damage.Message}");
        }
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        if (Voters.Names.Count > 1)
        {
            // A voter that just started does not remember whom it heard last; silent for one lease, it cannot elect another leader while the lease that it helped to grant still holds.
            await Task.Delay(_options.Timings.Lease, _time, cancellation).ConfigureAwait(false);
        }
        await _raft.StartAsync(cancellation).ConfigureAwait(false);
        _watchingDisk = WatchDiskAsync();
        _keeping = KeepLeaseAsync();
    }

    /// <inheritdoc/>
    public IDisposable Watch(Action<BookChange> onChange) => _machine.Watch(onChange);

    /// <inheritdoc/>
    public async Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        var request = new AppendRequest { Command = command.RequestId.IsEmpty ? WithNewId(command) : command };
        return await AskLeaderAsync(
            "append a command",
            token => AppendHereAsync(request.Command, token),
            async (leader, token) => await _forwarding.AppendAsync(leader, request, token).ConfigureAwait(false) is { Outcome: { } outcome } ? outcome : null,
            outcome => (long)outcome.Index,
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<BookState> ReadAsync(CancellationToken cancellation)
    {
        await AskLeaderAsync(
            "read",
            BarrierHereAsync,
            async (leader, token) => await _forwarding.BarrierAsync(leader, new BarrierRequest(), token).ConfigureAwait(false) is { NotLeading: null } reply ? reply : null,
            reply => (long)reply.Index,
            cancellation).ConfigureAwait(false);
        return Current;
    }

    /// <summary>Serves Membership.Append: carried out if this node leads, else the name of the one that does.</summary>
    public async Task<AppendReply> ServeAppendAsync(AppendRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await AppendHereAsync(request.Command, cancellation).ConfigureAwait(false) is { } outcome
            ? new AppendReply { Outcome = outcome }
            : new AppendReply { NotLeading = WhereTheLeaderIs() };
    }

    /// <summary>Serves Membership.Barrier.</summary>
    public async Task<BarrierReply> ServeBarrierAsync(BarrierRequest request, CancellationToken cancellation) =>
        await BarrierHereAsync(cancellation).ConfigureAwait(false) ?? new BarrierReply { NotLeading = WhereTheLeaderIs() };

    /// <summary>What this node holds of the log.</summary>
    public VoterReport Report()
    {
        var list = Voters;
        return new VoterReport
        {
            Node = Self,
            Standing = list.Names.Contains(Self) ? VoterStanding.Voter : VoterStanding.Standby,
            Voters = { list.Names },
            ListVersion = list.Version,
            Term = Term,
            Applied = _log.LastAppliedIndex,
            Committed = _log.LastCommittedEntryIndex,
            Last = _log.LastEntryIndex,
            Leader = LeaderName,
            Leads = Leadership.Leads,
            Trouble = _failed.Task.IsCompletedSuccessfully ? _failed.Task.Result : "",
        };
    }

    internal Task<bool> AddVoterAsync(string name, CancellationToken cancellation)
    {
        // The library commits without a majority at four voters and more (6.12.0).
        if (Voters.Names.Count >= VoterPlan.MostVoters)
        {
            throw new InvalidOperationException($"Voter '{name}' would be number {Voters.Names.Count + 1}; at most {VoterPlan.MostVoters} are safe. Remove one first.");
        }
        return _raft.AddMemberAsync(VoterName.ToEndPoint(name), cancellation);
    }

    internal Task<bool> RemoveVoterAsync(string name, CancellationToken cancellation) => _raft.RemoveMemberAsync(VoterName.ToEndPoint(name), cancellation);

    internal async Task<bool> ResignAsync(CancellationToken cancellation) => await ((ICluster)_raft).ResignAsync(cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _raft.StopAsync().ConfigureAwait(false);
        await _raft.DisposeAsync().ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        await _machine.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_keeping, _watchingDisk, _refreshing).ConfigureAwait(false);
        _voters.Dispose();
        _closing.Dispose();
    }
}
