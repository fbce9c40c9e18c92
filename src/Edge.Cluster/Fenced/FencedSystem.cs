using Edge.Cluster.Transport;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Cluster;
using Proto.Remote;
using Proto.Remote.GrpcNet;
using ProtoCluster = Proto.Cluster.Cluster;

namespace Edge.Cluster.Fenced;

/// <summary>
/// The actors of a node that may act on the world, and every node's way to them: one Proto.Actor system for one membership. It lives from its admission to the member list until its lease
/// is lost, refuses messages from that moment, and never comes back: the node joins again with a new one, under a new id.
/// </summary>
public sealed class FencedSystem : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly ActorTraffic _traffic;
    private readonly BookIdentityLookup _lookup;
    private readonly BookClusterProvider _provider;
    private readonly ActorSystem _system;
    private readonly RemotingGrpcService _service;
    private bool _joined;

    /// <summary>Makes it; nothing runs before <see cref="JoinAsync"/>.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="traffic">Where messages of other nodes come in.</param>
    public FencedSystem(FencedSystemOptions options, ActorTraffic traffic)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_traffic, _lookup, _provider) = (traffic, new(options), new(options.Book));
        _system = new(ActorSystemConfig.Setup().WithDeadLetterRequestLogging(false));
        var remote = Remote(options);
        var endpoints = new EndpointManager(_system, remote);
        _ = new HostedGrpcNetRemote(_system, remote, endpoints, options.Logs.CreateLogger<HostedGrpcNetRemote>());
        _service = new(_system, endpoints);
        Cluster = new(_system, ClusterConfig.Setup("edge", _provider, _lookup).WithClusterKinds([.. options.Kinds.Select(k => new ClusterKind(k.Name, k.Props))]) with
        {
            // Who is a member is in the book: gossip decides nothing and turns once in an hour.
            GossipInterval = TimeSpan.FromHours(1),
            HeartbeatExpiration = TimeSpan.Zero,
            RemotePidCacheTimeToLive = TimeSpan.Zero,

            // The library cuts it to whole seconds.
            ActorRequestTimeout = TimeSpan.FromSeconds(1),
        });
    }

    /// <summary>Member id: new for each system, and the name that a lease is for.</summary>
    public string Member => _system.Id;

    /// <summary>Asks any actor of the site, wherever it is.</summary>
    public ProtoCluster Cluster { get; }

    /// <summary>Actors that run here.</summary>
    public int Actors => _lookup.Count;

    /// <summary>Takes part from now on. Completes when the book names this system a member and its actors are being started; whoever holds the lease must renew it meanwhile.</summary>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        _traffic.Serve(_service);
        _joined = true;
        await Cluster.StartMemberAsync().WaitAsync(cancellation);
    }

    /// <summary>Stops all actors, the last kind first, and lets go of everything. Bounded: actors that do not end within two seconds are left behind the fence.</summary>
    public async ValueTask DisposeAsync()
    {
        _traffic.Serve(null);
        if (_joined)
        {
            // Not Cluster.ShutdownAsync: it tells peers by gossip and waits for two rounds of it. The book tells them.
            await _lookup.ShutdownAsync().WaitAsync(StopLimit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _provider.ShutdownAsync(graceful: false);
            await _system.Remote().ShutdownAsync(graceful: false).WaitAsync(StopLimit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _system.ShutdownAsync("The lease is over.");
    }

    private static RemoteConfig Remote(FencedSystemOptions options)
    {
        var config = RemoteConfig.BindTo(options.Node, FencedAddress.Port) with
        {
            AdvertisedHost = options.Node,
            AdvertisedPort = FencedAddress.Port,
            UseHttps = false,
            UriChooser = static _ => null,
            ChannelOptions = new GrpcChannelOptions { HttpHandler = options.Peers, DisposeHttpClient = false },

            // The library refuses an address for this long after a connection broke; a node that restarts is back sooner than its three seconds.
            WaitAfterEndpointTerminationTimeSpan = TimeSpan.FromMilliseconds(200),
            EndpointWriterOptions = new() { MaxRetries = 1, RetryBackOff = TimeSpan.FromMilliseconds(100) },
        };
        foreach (var contract in options.Contracts) config.Serialization.RegisterFileDescriptor(contract);
        return config;
    }
}
