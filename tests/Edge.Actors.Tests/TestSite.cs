using System.Net;
using Edge.Actors.Channels;
using Edge.Actors.Modules;
using Edge.Actors.Placement;
using Edge.Cluster.Transport;
using Edge.Messages.Book;
using Edge.Messages.Channels;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Tests;

/// <summary>Nodes of one site in one process, each with its own disks, joined by real gRPC on loopback. A caller says its name in a header, where a real one has a certificate.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private const string NameHeader = "edge-node";

    private readonly Dictionary<string, SiteNode> _nodes = new(StringComparer.Ordinal);
    private readonly ChannelSpec[] _channels;

    private TestSite(ChannelSpec[] channels) => _channels = channels;

    public TestNode this[string name] => _nodes[name].Node;

    public static async Task<TestSite> StartAsync(ChannelSpec channel, ChannelOwner owner, params string[] names)
    {
        var site = new TestSite([channel]);
        foreach (var name in names) await site.AddAsync(name, Table(owner, names));
        return site;
    }

    public static Epoch At(ulong index) => new() { Incarnation = 1, Index = index };

    public static PlacementTable Table(ChannelOwner owner, params string[] logs) => new(new Dictionary<ChannelId, ChannelOwner> { [TestNode.Channel()] = owner }, logs);

    /// <summary>Tells one node who owns the channel; it knows the logs of all that were ever started.</summary>
    public Task<SiteApplied> ApplyAsync(string name, ChannelOwner owner) => this[name].System.ApplyAsync(this[name].Site(_channels), Table(owner, [.. _nodes.Keys]));

    /// <summary>The node is gone as after a power cut: it answers nobody, reaches nobody, and commits nothing.</summary>
    public async Task DropAsync(string name)
    {
        _nodes[name].Node.Forget();
        await _nodes[name].CutAsync();
    }

    /// <summary>The node's address answers nobody, and it reaches nobody.</summary>
    public Task CutAsync(string name) => _nodes[name].CutAsync();

    /// <summary>A node that was dropped comes back with its disks.</summary>
    public async Task ReturnAsync(string name, ChannelOwner owner, ModuleSpec[]? modules = null)
    {
        var before = _nodes[name];
        await before.Node.DisposeAsync();
        before.Node.Store.Full = false;
        await AddAsync(name, Table(owner, [.. _nodes.Keys]), before.Node, modules);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.Node.DisposeAsync();
            await node.CutAsync();
        }
    }

    private async Task AddAsync(string name, PlacementTable table, TestNode? disksOf = null, ModuleSpec[]? modules = null)
    {
        var node = new SiteNode();
        node.Peers = new(peer => _nodes.TryGetValue(peer, out var known) ? known.Connect(name, node) : null);
        node.Node = await TestNode.StartAsync(_channels, disksOf, modules: modules, placements: table, name: name, peers: node.Peers);
        await node.ListenAsync();
        _nodes[name] = node;
    }

    private sealed class SiteNode
    {
        private readonly List<GrpcChannel> _connections = [];
        private WebApplication? _server;
        private bool _cut;

        public TestNode Node { get; set; } = null!;

        public ChannelPeers Peers { get; set; } = null!;

        public async Task ListenAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            builder.Services.AddGrpc();
            builder.Services.AddSingleton(new ChannelTrafficService(() => Node.System.Traffic, context => context.RequestHeaders.GetValue(NameHeader)!));
            _server = builder.Build();
            _server.MapGrpcService<ChannelTrafficService>();
            await _server.StartAsync();
        }

        public CallInvoker? Connect(string caller, SiteNode from)
        {
            if (from._cut || _cut || _server is null) return null;
            var connection = GrpcChannel.ForAddress(_server.Urls.First());
            lock (from._connections) from._connections.Add(connection);
            return connection.Intercept(headers =>
            {
                headers.Add(NameHeader, caller);
                return headers;
            });
        }

        public async Task CutAsync()
        {
            if (_cut) return;
            _cut = true;
            Peers.Dispose();
            lock (_connections) _connections.ForEach(c => c.Dispose());
            if (_server is not { } server) return;
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await server.StopAsync(now.Token);
            await server.DisposeAsync();
        }
    }
}
