using System.Security.Cryptography;
using Edge.Cluster.Book;
using Edge.Cluster.Joining;
using Edge.Cluster.Members;
using Edge.Cluster.Placements;
using Edge.Cluster.Raft;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Node.Hosting;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;

namespace Edge.Node.Site;

/// <summary>
/// This node's part in its site: its identity, the port on which nodes talk, the book as a follower or a voter, the leader's work while it leads, and its lease. What runs on the node
/// watches <see cref="Book"/>. Ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed partial class SiteNode : IAsyncDisposable
{
    private static readonly TimeSpan VotersEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FoundWithin = TimeSpan.FromSeconds(10);

    private readonly SiteOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly NodeIdentity _identity;
    private readonly IdentityFolder _folder;
    private readonly SitePeers _peers;
    private readonly VoterSeat _seat;
    private readonly BookFeed _feed;
    private readonly SiteLeader _leader;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _switching = new(1);
    private FollowerBook? _follower;
    private Task _votersLoop = Task.CompletedTask;
    private Task _telling = Task.CompletedTask;
    private Lan? _lan;

    private SiteNode(SiteOptions options, SiteIdentity obtained, IdentityFolder folder, SitePeers peers, FollowerBook follower, Func<BookState, IEnumerable<ActorDemand>> demands, ILoggerFactory logs, TimeProvider time)
    {
        (_options, _identity, _folder, _peers, _follower, _logs, _time) = (options, obtained.Identity, folder, peers, follower, logs, time);
        _log = logs.CreateLogger<SiteNode>();
        Book = peers.Book;
        _feed = new(Book, time);
        _leader = new(_identity.Name, Book, AppendHereAsync, demands, new PlacementOptions(), time, logs.CreateLogger<SiteLeader>());
        var log = new RaftBookOptions(Path.Combine(options.Folder, "book"), _identity.Name);
        if (options.Flushes is { } flushes) log = log with { Flushing = flushes.Begin };
        _seat = new(log, new(peers.Raft, peers.Dialer), VotingPeers.Forwarding(Dial), KeepAuthorityAsync, time, logs);
        _seat.Changed = SwitchAsync;
        Renewals = new(_identity.Name, Book, _leader, Dial, time);
    }

    /// <summary>The site's book as this node has it.</summary>
    public NodeBook Book { get; }

    /// <summary>This node's name.</summary>
    public string Name => _identity.Name;

    /// <summary>Who this node is.</summary>
    public NodeIdentity Identity => _identity;

    /// <summary>The first administrator's token, when the site was founded by this start; shown once.</summary>
    public PersonToken? FirstAdmin { get; private set; }

    /// <summary>Where it hears other nodes.</summary>
    public System.Net.IPEndPoint EndPoint => _peers.EndPoint;

    /// <summary>Brings renewals to the leader.</summary>
    public Renewals Renewals { get; }

    /// <summary>Connections with other nodes.</summary>
    public SitePeers Peers => _peers;

    /// <summary>Where members renew their leases while this node leads.</summary>
    public ILeaseDesk Desk => _leader;

    /// <summary>Name of this node's intake log.</summary>
    public LogName Log => LogName.TryParse(_options.About.Log, out var name) ? name : throw new InvalidOperationException($"'{_options.About.Log}' names no log.");

    /// <summary>Name of another node's intake log; empty if it has none.</summary>
    public string LogOf(string node) => Book.Current.Nodes.GetValueOrDefault(node)?.Log ?? "";

    /// <summary>Whether this node holds a vote.</summary>
    public bool Votes => _seat.Book?.Voters.Names.Contains(Name) ?? false;

    /// <summary>Connects to a node by its name.</summary>
    public CallInvoker Dial(string node) => _peers.Channels.To(node).CreateCallInvoker();

    /// <summary>Takes its place in the site: founds it, joins it, or comes back.</summary>
    /// <param name="options">How.</param>
    /// <param name="demands">Which actors a book asks for.</param>
    /// <param name="services">Adds what further gRPC services need.</param>
    /// <param name="map">Maps further gRPC services.</param>
    /// <param name="logs">Logs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NodeStartException">It cannot: in words.</exception>
    public static async Task<SiteNode> StartAsync(
        SiteOptions options, Func<BookState, IEnumerable<ActorDemand>> demands, Action<IServiceCollection> services, Action<IEndpointRouteBuilder> map, ILoggerFactory logs, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Folder);
        var folder = new IdentityFolder(Path.Combine(options.Folder, "identity"));
        var log = new LogFolder(Path.Combine(options.Folder, "book"));
        var obtained = await SiteIdentity.ObtainAsync(folder, log, options, Lan.AddressesOf(options, logs, time), time, cancellation);
        SiteNode? node = null;
        var peers = SitePeers.Prepare(options, obtained, () => node?._seat.Book, logs, time);
        var follower = FollowerBook.Start(
            obtained.Identity.Name, new GrpcBookSource(peers.Channels.To), new BookCopyFile(Path.Combine(options.Folder, "book.copy")), () => [.. obtained.Voters.Keys], new(), time, logs.CreateLogger<FollowerBook>());
        peers.Follow(follower);
        node = new(options, obtained, folder, peers, follower, demands, logs, time);
        try
        {
            await node.StartAsync(obtained.IsFounding, services, map, cancellation);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _votersLoop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_lan is not null) await _lan.DisposeAsync();
        await _leader.DisposeAsync();
        await _peers.StopListeningAsync();
        await _switching.WaitAsync();
        if (_follower is not null) await _follower.DisposeAsync();
        await _seat.DisposeAsync();
        _feed.Dispose();
        Book.Dispose();
        await _peers.DisposeAsync();
        _identity.Dispose();
        _switching.Dispose();
        _ending.Dispose();
    }

    private async Task StartAsync(bool founding, Action<IServiceCollection> services, Action<IEndpointRouteBuilder> map, CancellationToken cancellation)
    {
        await _peers.ListenAsync(
            _options.Listen,
            all =>
            {
                all.AddSingleton(new MembershipService(Book, _feed, _leader, PeerCaller.PeerName))
                    .AddSingleton(new VotingService(_seat))
                    .AddSingleton(new JoiningService(_identity, _folder.ReadAuthority, Book, _peers.Channels, _logs.CreateLogger<JoiningService>(), _time));
                services(all);
            },
            routes =>
            {
                routes.MapGrpcService<MembershipService>();
                routes.MapGrpcService<VotingService>();
                routes.MapGrpcService<JoiningService>();
                map(routes);
            });
        await _seat.OpenAsync(cancellation);
        if (founding) await FoundAsync(cancellation);
        if (_options.Announce) _lan = new(_options, _identity, About, _peers.Dialer.Directory, _logs, _time);
        _telling = Task.Run(TellAsync, CancellationToken.None);
        _votersLoop = Task.Run(VotersLoopAsync, CancellationToken.None);
    }

    private async Task FoundAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(FoundWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        if (Book.Current.Site is null)
        {
            var admin = PersonToken.New();
            await Book.AppendAsync(FirstCommand.Of(_identity, About(), admin, _time.GetUtcNow()), either.Token);
            FirstAdmin = admin;
        }

        SiteIdentity.Founded(_options);
    }

    private async Task TellAsync()
    {
        var report = new SelfReport(Name, Book, Dial, _time);
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await report.TellAsync(About(), _ending.Token);
                return;
            }
            catch (BookUnavailableException nobody)
            {
                LogNotTold(nobody.Message);
                await Task.Delay(VotersEvery, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private NodeRecord About()
    {
        var about = _options.About.Clone();
        about.Name = Name;
        about.Addresses.Node = NodeAbout.Reachable(EndPoint);
        about.KeyFingerprint = ByteString.CopyFrom(_identity.KeyFingerprint);
        return about;
    }

    // The seat got a vote or lost it: what this node shows as the book goes on with the other of the two.
    private async Task SwitchAsync(RaftBook? voter)
    {
        await _switching.WaitAsync();
        try
        {
            if (voter is not null)
            {
                Book.Switch(voter);
                if (_follower is { } before) await before.DisposeAsync();
                _follower = null;
            }
            else if (_follower is null && !_ending.IsCancellationRequested)
            {
                _follower = FollowerBook.Start(
                    Name, new GrpcBookSource(_peers.Channels.To), new BookCopyFile(Path.Combine(_options.Folder, "book.copy")), () => [.. Book.Current.Voters], new(), _time, _logs.CreateLogger<FollowerBook>());
                Book.Switch(_follower);
            }
        }
        finally
        {
            _switching.Release();
        }
    }

    private async Task<Edge.Messages.Site.AppendReply> AppendHereAsync(BookCommand command, CancellationToken cancellation) =>
        _seat.Book is { } voter ? await voter.ServeAppendAsync(new() { Command = command }, cancellation) : throw new BookUnavailableException($"Node '{Name}' holds no vote.");

    private Task KeepAuthorityAsync(ReadOnlyMemory<byte> wrapped, CancellationToken cancellation)
    {
        if (!_folder.KeepAuthority(wrapped.ToArray(), _identity)) throw new IOException("The authority that was handed over is not this site's.");
        return Task.CompletedTask;
    }

    private async Task VotersLoopAsync()
    {
        var alive = new AliveSince(_time);
        string? told = null;
        using var timer = new PeriodicTimer(VotersEvery, _time);
        while (await timer.WaitForNextTickAsync(_ending.Token))
        {
            if (_seat.Book is not { } book || !book.Leadership.Leads)
            {
                alive.Forget();
                continue;
            }

            try
            {
                await LeadVotersAsync(book, alive);
                if (VoteAdvice.Of(book.Current) is var advice && advice != told && (told = advice) is not null) LogAdvice(advice!);
            }
            catch (Exception failure) when (failure is BookUnavailableException or IOException)
            {
                LogVotersUnclear(failure.Message);
            }
        }
    }

    private async Task LeadVotersAsync(RaftBook book, AliveSince alive)
    {
        var peers = new VotingPeers(Dial);
        using var change = new VoterChange(book, peers, _ => Task.FromResult<ReadOnlyMemory<byte>>(Authority()), new(), _time);
        var round = new VoterRound(book, peers, change, new(), _time);
        if (await round.RunAsync(alive.Look(book.Current, book.Voters.Names), _ending.Token) is { } done) LogVoters(done.Step.ToString(), done.Outcome.ToString());
        var names = book.Voters.Names;
        if (book.Leadership.Leads && !names.SequenceEqual(book.Current.Voters))
            await Book.AppendAsync(new BookCommand { RequestId = NewId(), Who = "site", TimeUs = Micros(), Format = BookFormat.Current, NameVoters = new() { Voters = { names } } }, _ending.Token);
    }

    private byte[] Authority()
    {
        using var authority = _folder.ReadAuthority() ?? throw new IOException($"Node '{Name}' votes but does not hold the site's authority.");
        return authority.Export();
    }

    private static ByteString NewId() => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));

    private long Micros() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [LoggerMessage(7050, LogLevel.Debug, "Voters: {Step}, {Outcome}")]
    private partial void LogVoters(string step, string outcome);

    [LoggerMessage(7053, LogLevel.Warning, "{Advice}")]
    private partial void LogAdvice(string advice);

    [LoggerMessage(7052, LogLevel.Debug, "The book does not say yet what this node is now: {Reason}")]
    private partial void LogNotTold(string reason);

    [LoggerMessage(7051, LogLevel.Warning, "A change of the voters has no clear result and is looked at again: {Reason}")]
    private partial void LogVotersUnclear(string reason);
}
