using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;

namespace Edge.Cluster.Tests.Transport;

/// <summary>Channels to servers by node name, as node <paramref name="self"/>. A name without a server is refused as an unreachable node would be.</summary>
internal sealed class BookChannels(string self) : IDisposable
{
    private readonly ConcurrentDictionary<string, GrpcChannel> _channels = new();

    public void Put(string node, Uri address)
    {
        var before = _channels.GetValueOrDefault(node);
        _channels[node] = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = new Named(self) { InnerHandler = new SocketsHttpHandler() }, DisposeHttpClient = true });
        before?.Dispose();
    }

    public ChannelBase To(string node) => _channels.GetOrAdd(node, _ => GrpcChannel.ForAddress("http://127.0.0.1:1"));

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
    }

    private sealed class Named(string self) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("peer", self);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
