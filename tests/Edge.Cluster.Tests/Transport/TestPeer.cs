using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Edge.Cluster.Tests.Trust;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Site;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Cluster.Tests.Transport;

/// <summary>A node's transport on loopback, with a Membership service that answers who called (in the reason) and keeps a Follow open, and a Joining service that greets.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IDisposable[] _following;

    private TestPeer(NodeIdentity identity, PeerListener listener, PeerTrust trust, PeerConnections connections, PeerDirectory directory, PeerDialer dialer, TestBook book)
    {
        (Identity, Listener, Trust, Connections, Directory, Dialer) = (identity, listener, trust, connections, directory, dialer);
        Channels = new(dialer);
        _following = [connections.Follow(book), Channels.Follow(book)];
    }

    public NodeIdentity Identity { get; }

    public PeerListener Listener { get; }

    public PeerTrust Trust { get; }

    public PeerConnections Connections { get; }

    public PeerDirectory Directory { get; }

    public PeerDialer Dialer { get; }

    public PeerChannels Channels { get; }

    public NodeAddress Address => NodeAddress.Of(Listener.EndPoint);

    public static async Task<TestPeer> StartAsync(
        NodeIdentity identity, TestBook book, PeerListenerOptions? options = null, ILoggerFactory? loggers = null, Action<IServiceCollection>? services = null, Action<IEndpointRouteBuilder>? map = null)
    {
        var trust = new PeerTrust(identity.AuthorityCertificate, PeerRoster.Of(() => book.Current));
        var connections = new PeerConnections();
        var listener = await PeerListener.StartAsync(
            (options ?? new()) with { Listen = new(IPAddress.Loopback, 0) }, identity, trust, connections, services ?? (_ => { }),
            map ?? MapDefaults,
            loggers ?? NullLoggerFactory.Instance, TimeProvider.System);
        var directory = new PeerDirectory(() => book.Current);
        var dialer = new PeerDialer(new(), identity, trust, directory, connections, (loggers ?? NullLoggerFactory.Instance).CreateLogger<PeerDialer>(), TimeProvider.System);
        return new(identity, listener, trust, connections, directory, dialer, book);
    }

    public void Knows(TestPeer other) => Directory.Saw(other.Identity.Name, other.Address);

    public Membership.MembershipClient Membership(string node) => new(Channels.To(node));

    public async Task<string> AskWhoAsync(string node, CancellationToken cancellation) => (await Membership(node).RenewAsync(new(), cancellationToken: cancellation)).Reason;

    public async ValueTask DisposeAsync()
    {
        foreach (var following in _following)
            following.Dispose();
        Channels.Dispose();
        await Listener.DisposeAsync();
    }

    private static void MapDefaults(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<WhoCalled>();
        routes.MapGrpcService<Greeter>();
    }

    private sealed class WhoCalled : Membership.MembershipBase
    {
        public override Task<RenewReply> Renew(RenewRequest request, ServerCallContext context) => Task.FromResult(new RenewReply { Reason = PeerCaller.PeerName(context) ?? "nobody" });

        public override async Task Follow(FollowRequest request, IServerStreamWriter<BookFrame> responseStream, ServerCallContext context)
        {
            await responseStream.WriteAsync(new BookFrame { Index = 1 });
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }
    }

    private sealed class Greeter : Edge.Messages.Site.Joining.JoiningBase
    {
        public override Task<GreetReply> Greet(GreetRequest request, ServerCallContext context) => Task.FromResult(new GreetReply { SiteName = PeerCaller.PeerName(context) ?? "nobody" });
    }
}

/// <summary>A caller that is no node of ours: what a stranger's program may do.</summary>
internal static class Stranger
{
    /// <summary>TCP and TLS as asked; the stream, or null if the server ended it in the handshake.</summary>
    public static async Task<SslStream> ConnectAsync(IPEndPoint to, NodeIdentity? shows, SslApplicationProtocol protocol, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to, cancellation);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "a",
                ApplicationProtocols = [protocol],
                ClientCertificateContext = shows?.CertificateContext,
                RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
            },
            cancellation);
        return stream;
    }

    /// <summary>Reads until the other side ends it; fails if it sends anything but TLS's own goodbye.</summary>
    public static async Task<bool> IsEndedAsync(Stream stream, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(new byte[1], cancellation) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>A gRPC channel that shows this certificate or none, and believes any server.</summary>
    public static Grpc.Net.Client.GrpcChannel Channel(IPEndPoint to, NodeIdentity? shows) => Grpc.Net.Client.GrpcChannel.ForAddress($"https://a:{to.Port}", new()
    {
        HttpHandler = PeerChannels.Handler(async cancellation => await ConnectAsync(to, shows, SslApplicationProtocol.Http2, cancellation)),
        DisposeHttpClient = true,
    });
}
