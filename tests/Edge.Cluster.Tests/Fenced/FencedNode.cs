using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Book;
using Edge.Cluster.Fenced;
using Edge.Cluster.Tests.Book;
using Edge.Cluster.Transport;
using Edge.Messages.Book;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Proto;
using Proto.Cluster;

namespace Edge.Cluster.Tests.Fenced;

/// <summary>A fenced system with its own server on loopback. Peers are dialled by name; the caller's name comes in a header, where the real transport takes it from the certificate.</summary>
internal sealed class FencedNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageHandler _peers;
    private volatile bool _holds = true;

    private FencedNode(string name, LedBook book, ConcurrentDictionary<string, int> ports, WebApplication app, ActorTraffic traffic)
    {
        (Name, _app) = (name, app);
        _peers = new Named(name) { InnerHandler = Dialling(ports) };
        System = new FencedSystem(
            new FencedSystemOptions
            {
                Node = name,
                Book = book,
                Holds = () => _holds,
                Kinds = [new FencedKind("channel", Props.FromProducer(() => new Reporter(name, Stopped)))],
                Peers = _peers,
                Contracts = [BookStateReflection.Descriptor],
                Released = (actor, epoch) =>
                {
                    Released.TrySetResult((actor, epoch));
                    return Task.CompletedTask;
                },
                Logs = NullLoggerFactory.Instance,
            },
            traffic);
    }

    public string Name { get; }

    public FencedSystem System { get; }

    /// <summary>Completes with the first actor that was stopped here because it moves.</summary>
    public TaskCompletionSource<(ActorName Actor, Epoch Epoch)> Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Epochs of the actors that ended here.</summary>
    public ConcurrentQueue<string> Stopped { get; } = [];

    /// <summary>Starts the server; the system takes part after <see cref="JoinAsync"/>.</summary>
    public static async Task<FencedNode> StartAsync(string name, LedBook book, ConcurrentDictionary<string, int> ports)
    {
        var traffic = new ActorTraffic(book, call => call.RequestHeaders.GetValue("peer") ?? "");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(traffic);
        var app = builder.Build();
        app.MapGrpcService<ActorTraffic>();
        await app.StartAsync();
        ports[name] = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return new FencedNode(name, book, ports, app, traffic);
    }

    public Task JoinAsync() => System.JoinAsync(TestContext.Current.CancellationToken);

    /// <summary>From now on its lease does not hold.</summary>
    public void LoseLease() => _holds = false;

    /// <summary>Asks a channel where it runs.</summary>
    /// <returns>Node and epoch; null if nobody answered in time.</returns>
    public async Task<(string Node, string Epoch)?> AskAsync(string identity, TimeSpan patience)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var reply = await System.Cluster.RequestAsync<MemberRecord>(ClusterIdentity.Create(identity, "channel"), new Epoch { Index = 1 }, limit.Token);
            return reply is null ? null : (reply.Id.Split('|')[0], reply.Id.Split('|')[1]);
        }
        catch (Exception nobody) when (nobody is TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        _peers.Dispose();
        await _app.DisposeAsync();
    }

    private static SocketsHttpHandler Dialling(ConcurrentDictionary<string, int> ports) => new()
    {
        UseProxy = false,
        ConnectCallback = async (call, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ports[call.DnsEndPoint.Host]), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private sealed class Named(string name) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("peer", name);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Answers an epoch with the node it runs on and its own epoch.</summary>
    private sealed class Reporter(string node, ConcurrentQueue<string> stopped) : IActor
    {
        public Task ReceiveAsync(IContext context)
        {
            var epoch = Epochs.Text(context.Get<Epoch>());
            if (context.Message is Epoch) context.Respond(new MemberRecord { Id = $"{node}|{epoch}" });
            if (context.Message is Proto.Stopped) stopped.Enqueue(epoch);
            return Task.CompletedTask;
        }
    }
}
