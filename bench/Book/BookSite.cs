using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Raft;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Edge.Bench.Book;

/// <summary>Voters of one site in this process, each with its own folder; Raft runs over TCP on loopback, the other calls are direct. Flushes are real.</summary>
internal sealed class BookSite : IVotingPeers, IConnectionFactory, IAsyncDisposable
{
    private readonly SocketConnectionContextFactory _dialing = new(new SocketConnectionFactoryOptions(), NullLogger<BookSite>.Instance);
    private readonly ConcurrentDictionary<string, VoterSeat> _seats = new();
    private readonly ConcurrentDictionary<string, int> _ports = new();
    private readonly string _root;

    public BookSite(string root, int snapshotEvery, params string[] names)
    {
        _root = root;
        foreach (var name in names)
        {
            var listener = new Listener(name, _ports);
            _seats[name] = new VoterSeat(
                new RaftBookOptions(Path.Combine(root, name), name) { SnapshotEveryEntries = snapshotEvery, SnapshotEveryBytes = 1L << 30 },
                new RaftTransport(listener, this),
                new BookForwarding(
                    (leader, request, cancellation) => Book(leader).ServeAppendAsync(request, cancellation),
                    (leader, request, cancellation) => Book(leader).ServeBarrierAsync(request, cancellation)),
                (_, _) => Task.CompletedTask,
                TimeProvider.System,
                NullLoggerFactory.Instance);
        }
    }

    /// <summary>A voter's book.</summary>
    public RaftBook Book(string name) => _seats[name].Book ?? throw new IOException($"{name} holds no log");

    /// <summary>Founds the site at the first node and makes the others voters.</summary>
    public async Task FormAsync(string first)
    {
        new LogFolder(Path.Combine(_root, first)).Found(first);
        await _seats[first].OpenAsync(CancellationToken.None);
        var node = new NodeRecord { Name = first, KeyFingerprint = ByteString.CopyFrom(new byte[32]), MayVote = true };
        await Book(first).AppendAsync(new BookCommand { Who = first, FoundSite = new FoundSite { Site = new SiteRecord { Id = ByteString.CopyFrom(new byte[16]), Name = "bench" }, Node = node } }, CancellationToken.None);
        using var change = new VoterChange(Book(first), this, _ => Task.FromResult(ReadOnlyMemory<byte>.Empty), new VoterPlanOptions(), TimeProvider.System);
        foreach (var name in _seats.Keys.Where(name => name != first).Order(StringComparer.Ordinal))
        {
            while (await change.RunAsync(new VoterStep.Add(name), CancellationToken.None) is VoterChangeOutcome.Unclear)
            {
                // The first connections of a cold process are slower than an election: look at the list and try again.
            }
        }
    }

    /// <summary>Opens the log that a node has.</summary>
    public Task OpenAsync(string name) => _seats[name].OpenAsync(CancellationToken.None);

    public Task<VoterReport> ReportAsync(string node, CancellationToken cancellation) => Task.FromResult(_seats[node].Report());

    public Task<VoterReport> SeedAsync(string node, VoterListNotice notice, CancellationToken cancellation) => _seats[node].SeedAsync(notice, cancellation);

    public Task<VoterReport> DismissAsync(string node, VoterListNotice notice, CancellationToken cancellation) => _seats[node].DismissAsync(notice, cancellation);

    public Task<AuthorityHeld> HandAuthorityAsync(string node, AuthorityHandover handover, CancellationToken cancellation) => _seats[node].HoldAuthorityAsync(handover, cancellation);

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var name = VoterName.FromEndPoint(endpoint);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _ports.GetValueOrDefault(name)), cancellationToken);
            return _dialing.Create(socket);
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var seat in _seats.Values)
            await seat.DisposeAsync();
        _dialing.Dispose();
    }

    private sealed class Listener(string name, ConcurrentDictionary<string, int> ports) : IConnectionListenerFactory
    {
        private readonly SocketTransportFactory _listening = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);

        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var listener = await _listening.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), cancellationToken);
            ports[name] = ((IPEndPoint)listener.EndPoint).Port;
            return listener;
        }
    }
}
