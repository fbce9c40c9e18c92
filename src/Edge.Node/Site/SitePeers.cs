using System.Net;
using Edge.Cluster.Book;
using Edge.Cluster.Raft;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Node.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Edge.Node.Site;

/// <summary>
/// Connections with other nodes, both directions, and who is trusted with one. Made in two steps, because the book says who is trusted and comes over these connections. Ends with
/// <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class SitePeers : IAsyncDisposable
{
    private readonly NodeIdentity _identity;
    private readonly PeerTrust _trust;
    private readonly PeerConnections _connections = new();
    private readonly ILoggerFactory _logs;
    private readonly TimeProvider _time;
    private NodeBook? _book;
    private IDisposable? _cutting;
    private IDisposable? _forgetting;
    private PeerListener? _listener;

    private SitePeers(SiteOptions options, SiteIdentity obtained, Func<RaftBook?> voter, ILoggerFactory logs, TimeProvider time)
    {
        (_identity, _logs, _time) = (obtained.Identity, logs, time);
        Raft = new(options.Listen);
        _trust = new(_identity.AuthorityCertificate, new PeerRoster(Current, name => voter()?.Voters.Names.Contains(name) ?? Current().Voters.Contains(name)));
        var directory = new PeerDirectory(Current);
        foreach (var (name, address) in obtained.Voters) directory.Saw(name, address);
        Dialer = new(new(), _identity, _trust, directory, _connections, logs.CreateLogger<PeerDialer>(), time);
        Channels = new(Dialer);
    }

    /// <summary>Raft connections that come in.</summary>
    public RaftConnections Raft { get; }

    /// <summary>Reaches nodes by name.</summary>
    public PeerDialer Dialer { get; }

    /// <summary>gRPC channels by name.</summary>
    public PeerChannels Channels { get; }

    /// <summary>The book that says who is trusted.</summary>
    public NodeBook Book => _book!;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _listener!.EndPoint;

    /// <summary>First step: everything that needs no book yet.</summary>
    public static SitePeers Prepare(SiteOptions options, SiteIdentity obtained, Func<RaftBook?> voter, ILoggerFactory logs, TimeProvider time) => new(options, obtained, voter, logs, time);

    /// <summary>Second step: the book decides from now on. Whoever it removes is cut.</summary>
    public void Follow(IBook book)
    {
        _book = new(book);
        _cutting = _connections.Follow(_book);
        _forgetting = _book.Watch(change =>
        {
            if (ReferenceEquals(change.Before.Nodes, change.After.Nodes)) return;
            foreach (var gone in change.Before.Nodes.Keys.Where(name => !change.After.Nodes.ContainsKey(name))) Channels.Forget(gone);
        });
    }

    /// <summary>Hears other nodes from now on.</summary>
    /// <exception cref="NodeStartException">The address cannot be bound.</exception>
    public async Task ListenAsync(IPEndPoint listen, Action<IServiceCollection> services, Action<IEndpointRouteBuilder> map)
    {
        try
        {
            _listener = await PeerListener.StartAsync(new PeerListenerOptions { Listen = listen, Raft = Raft }, _identity, _trust, _connections, services, map, _logs, _time);
        }
        catch (IOException failure)
        {
            throw new NodeStartException($"Nodes cannot be heard on {listen}: {failure.InnerException?.Message ?? failure.Message} Choose another address with --peers.", failure);
        }
    }

    /// <summary>Hears nobody any more.</summary>
    public async Task StopListeningAsync()
    {
        if (_listener is { } listener) await listener.DisposeAsync();
        _listener = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        _cutting?.Dispose();
        _forgetting?.Dispose();
        Channels.Dispose();
    }

    private BookState Current() => _book?.Current ?? BookState.Empty;
}
