using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Fenced;
using Edge.Cluster.Members;
using Edge.Cluster.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Proto.Cluster;

namespace Edge.Bench.Grains;

/// <summary>A node of ours: the fenced system, with its lease looked at before each message, and the checked service, on loopback without TLS as the peers.</summary>
internal sealed class FencedGrains : IGrainSystem
{
    private readonly FixedBook _book = new();
    private readonly MemberLease _lease = new("bench", TimeProvider.System);
    private readonly FencedSystem _system;
    private readonly WebApplication _app;
    private readonly SocketsHttpHandler _peers;
    private readonly ClusterIdentity[] _local = Identities("a");
    private readonly ClusterIdentity[] _remote = Identities("b");

    public FencedGrains(string node, int port, int otherPort)
    {
        // Which name a caller has is in its certificate; without TLS there is only one that it can be.
        var traffic = new ActorTraffic(_book, _ => node == "a" ? "b" : "a");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(traffic);
        _app = builder.Build();
        _app.MapGrpcService<ActorTraffic>();
        _peers = new() { UseProxy = false, EnableMultipleHttp2Connections = true, ConnectCallback = async (_, cancellation) => await DialAsync(otherPort, cancellation) };
        _system = new(
            new FencedSystemOptions
            {
                Node = node,
                Book = _book,
                Holds = () => _lease.IsValid,
                Kinds = [new FencedKind(EchoActor.Kind, EchoActor.Props)],
                Peers = _peers,
                Contracts = [GrainsReflection.Descriptor],
                Logs = NullLoggerFactory.Instance,
            },
            traffic);
    }

    public string Name => "edge";

    public string Member => _system.Member;

    /// <summary>Takes part, as one of two members.</summary>
    public async Task JoinAsync(string memberOfA, string memberOfB)
    {
        _book.Write(memberOfA, memberOfB);
        _lease.Extend(_lease.BeginRenewal(), TimeSpan.FromHours(1));
        await _app.StartAsync();
        await _system.JoinAsync(CancellationToken.None);
    }

    public Task<long> AskLocalAsync(int actor, long number) => AskAsync(_local[actor], number);

    public Task<long> AskRemoteAsync(int actor, long number) => AskAsync(_remote[actor], number);

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        await _app.DisposeAsync();
        _peers.Dispose();
        _lease.Dispose();
    }

    private async Task<long> AskAsync(ClusterIdentity actor, long number) =>
        (await _system.Cluster.RequestAsync<GrainAnswer>(actor, EchoActor.Ask(number), CancellationToken.None)).Number;

    private static ClusterIdentity[] Identities(string node) => [.. Enumerable.Range(0, GrainLoad.Actors).Select(number => ClusterIdentity.Create(FixedBook.Actor(node, number), EchoActor.Kind))];

    private static async Task<Stream> DialAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
