using System.Net;
using Edge.Cluster.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Transport;

/// <summary>
/// The one port on which a node hears other nodes: TLS 1.3, gRPC services and Raft side by side (ALPN). A peer with a certificate is judged in the handshake; one without may call the service
/// <c>edge.site.Joining</c> and nothing else. Ends with <see cref="DisposeAsync"/>, which cuts what is open.
/// </summary>
public sealed class PeerListener : IAsyncDisposable
{
    private const string OpenToStrangers = "/edge.site.Joining/";
    private const int StrangerBodyMax = 64 << 10;
    private const int MessageMax = 16 << 20;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    private readonly WebApplication _web;

    private PeerListener(WebApplication web, RaftConnections raft)
    {
        _web = web;
        Raft = raft;
    }

    /// <summary>Raft connections from voters, for the log's transport.</summary>
    public RaftConnections Raft { get; }

    /// <summary>Where it listens, with the port that the system picked.</summary>
    public IPEndPoint EndPoint => IPEndPoint.Parse(new Uri(_web.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Authority);

    /// <summary>Starts it.</summary>
    /// <param name="options">Where, and how much strangers may take.</param>
    /// <param name="identity">Who this node is.</param>
    /// <param name="trust">Who is let in.</param>
    /// <param name="connections">Where open connections are kept, shared with the dialer.</param>
    /// <param name="services">Adds what the gRPC services need.</param>
    /// <param name="map">Maps the gRPC services.</param>
    /// <param name="loggers">For the library's words and ours.</param>
    /// <param name="time">Time.</param>
    /// <exception cref="IOException">The address cannot be bound; the inner exception says why.</exception>
    public static async Task<PeerListener> StartAsync(
        PeerListenerOptions options, NodeIdentity identity, PeerTrust trust, PeerConnections connections, Action<IServiceCollection> services, Action<IEndpointRouteBuilder> map, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(map);
        var raft = new RaftConnections(options.Listen);
        var handshake = new PeerHandshake(options, identity, trust, connections, new RejectedPeers(loggers.CreateLogger<PeerListener>()), raft, time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "edge" });
        builder.Services.AddSingleton(loggers).AddSingleton(time);
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (MessageMax, MessageMax));
        services(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Windows and buffers are what a stranger can make the node hold; a LAN's round trip is short enough for these.
            kestrel.Limits.Http2.InitialStreamWindowSize = 256 << 10;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 512 << 10;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
            kestrel.Listen(options.Listen, handshake.Guard);
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = StopGrace);
        var web = builder.Build();
        web.Use(GateAsync);
        web.UseRouting();
        map(web);
        try
        {
            await web.StartAsync();
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            await web.DisposeAsync();
            throw failure as IOException ?? new IOException($"Nodes cannot be heard on {options.Listen}: {failure.Message}", failure);
        }
        return new(web, raft);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    // In front of the routes, so that a service that somebody adds is closed to strangers without doing anything for it.
    private static Task GateAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<PeerFeature>()?.Verdict is PeerVerdict.Trusted)
            return next(http);
        if (!http.Request.Path.Value!.StartsWith(OpenToStrangers, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = StrangerBodyMax;
        return next(http);
    }
}
