using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Edge.Cluster.Tests.Trust;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Cluster.Tests.Transport;

/// <summary>Real TLS on loopback between node a, which listens, and whoever calls.</summary>
public sealed class PeerTransportTests : IAsyncLifetime, IDisposable
{
    private readonly TestSite _site = new();
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private TestPeer _a = null!;

    private CancellationToken Patience => _patience.Token;

    public async ValueTask InitializeAsync()
    {
        _patience.CancelAfter(TestPeer.Patience);
        _a = await TestPeer.StartAsync(_site.First, _site.Book, loggers: _log);
    }

    [Fact]
    public async Task A_listed_node_calls_by_name_and_is_known_by_its_own()
    {
        await using var b = await PeerAsync(_site.Node("b"));
        Assert.Equal("b", await b.AskWhoAsync("a", Patience));
    }

    [Fact]
    public async Task Expired_and_not_yet_valid_certificates_are_let_in_on_both_sides()
    {
        var middle = DateTimeOffset.UnixEpoch.AddYears(56);
        var expired = _site.NodeWithDates("old", middle.AddYears(-20), middle.AddYears(-10));
        var notYetValid = _site.NodeWithDates("early", middle.AddYears(50), middle.AddYears(60));
        await using var old = await PeerAsync(expired);
        await using var early = await PeerAsync(notYetValid);
        early.Knows(old);
        old.Knows(early);
        Assert.Equal("early", await early.AskWhoAsync("old", Patience));
        Assert.Equal("old", await old.AskWhoAsync("early", Patience));
    }

    [Fact]
    public async Task A_node_of_another_site_with_the_same_name_gets_nothing_and_is_told_once()
    {
        using var other = new TestSite(first: "b");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await AssertGetsNothingAsync(other.First);
        }
        Assert.Single(_log.Told, line => line.Contains("is not of this site's CA", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_the_book_does_not_list_gets_nothing() => await AssertGetsNothingAsync(_site.Node("b", listed: false));

    [Fact]
    public async Task Without_a_certificate_only_joining_is_open()
    {
        using var channel = Stranger.Channel(_a.Listener.EndPoint, shows: null);
        Assert.Equal("nobody", (await new Messages.Site.Joining.JoiningClient(channel).GreetAsync(new(), cancellationToken: Patience)).SiteName);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new Membership.MembershipClient(channel).RenewAsync(new(), cancellationToken: Patience));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task Without_a_certificate_a_request_is_at_most_64_KiB()
    {
        using var channel = Stranger.Channel(_a.Listener.EndPoint, shows: null);
        var large = new JoinRequest { CertificateRequest = Google.Protobuf.ByteString.CopyFrom(new byte[100_000]) };
        await Assert.ThrowsAsync<RpcException>(async () => await new Messages.Site.Joining.JoiningClient(channel).JoinAsync(large, cancellationToken: Patience));
    }

    [Fact]
    public async Task Without_a_certificate_Raft_is_closed()
    {
        await using var listener = await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience);
        await using var stream = await Stranger.ConnectAsync(_a.Listener.EndPoint, null, PeerProtocol.Raft, Patience);
        Assert.True(await Stranger.IsEndedAsync(stream, Patience));
    }

    [Fact]
    public async Task Plain_TCP_is_closed()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_a.Listener.EndPoint, Patience);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Patience);
        Assert.True(await EndsAsync(stream));
    }

    [Fact]
    public async Task A_true_node_that_answers_for_another_is_not_believed()
    {
        await using var b = await PeerAsync(_site.Node("b"));
        await using var c = await PeerAsync(_site.Node("c"));
        b.Directory.Saw("c", _a.Address);
        var failed = Assert.IsType<DialOutcome.Failed>(await b.Dialer.DialAsync("c", SslApplicationProtocol.Http2, Patience));
        Assert.Contains("node 'a' answered where 'c' was dialled", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_hint_costs_time_and_not_the_call()
    {
        await using var b = await PeerAsync(_site.Node("b"));
        await using var c = await PeerAsync(_site.Node("c"));
        b.Directory.Saw("a", c.Address);
        Assert.Equal("b", await b.AskWhoAsync("a", Patience));
    }

    [Fact]
    public async Task A_node_that_came_back_at_another_address_is_found_by_its_name()
    {
        await using var b = await PeerAsync(_site.Node("b"));
        Assert.Equal("b", await b.AskWhoAsync("a", Patience));
        await _a.DisposeAsync();
        _a = await TestPeer.StartAsync(_site.First, _site.Book);
        b.Knows(_a);
        Assert.Equal("b", await b.AskWhoAsync("a", Patience));
    }

    [Fact]
    public async Task A_removed_node_is_cut_at_once_in_both_directions_and_refused_after()
    {
        await using var b = await PeerAsync(_site.Node("b"));
        _a.Knows(b);
        using var inbound = b.Membership("a").Follow(new(), cancellationToken: Patience);
        using var outbound = _a.Membership("b").Follow(new(), cancellationToken: Patience);
        Assert.True(await inbound.ResponseStream.MoveNext(Patience));
        Assert.True(await outbound.ResponseStream.MoveNext(Patience));

        // b keeps its own view of the book: a removed node may never learn of it.
        _site.Remove("b");

        await Assert.ThrowsAsync<RpcException>(() => inbound.ResponseStream.MoveNext(Patience));
        await Assert.ThrowsAsync<RpcException>(() => outbound.ResponseStream.MoveNext(Patience));
        await AssertGetsNothingAsync(b.Identity);
        await Assert.ThrowsAsync<RpcException>(() => _a.AskWhoAsync("b", Patience));
        Assert.Contains("is not in the book", Assert.IsType<DialOutcome.Failed>(await _a.Dialer.DialAsync("b", SslApplicationProtocol.Http2, Patience)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_stalls_is_closed()
    {
        await using var hasty = await TestPeer.StartAsync(_site.First, _site.Book, new PeerListenerOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(200) });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(hasty.Listener.EndPoint, Patience);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(new byte[] { 0x16, 3, 1 }, Patience);
        Assert.True(await EndsAsync(stream));
    }

    [Fact]
    public async Task A_connection_without_a_certificate_does_not_stay()
    {
        await using var hasty = await TestPeer.StartAsync(_site.First, _site.Book, new PeerListenerOptions { StrangerLifetime = TimeSpan.FromMilliseconds(200) });
        await using var stream = await Stranger.ConnectAsync(hasty.Listener.EndPoint, null, SslApplicationProtocol.Http2, Patience);
        Assert.True(await EndsAsync(stream));
    }

    [Fact]
    public async Task Strangers_beyond_the_bound_are_closed_and_a_node_still_gets_in_when_one_leaves()
    {
        await using var narrow = await TestPeer.StartAsync(_site.First, _site.Book, new PeerListenerOptions { MaxStrangersPerAddress = 2 });
        var stalled = new[] { await TcpAsync(narrow), await TcpAsync(narrow) };
        Assert.True(await IsTurnedAwayAsync(narrow));

        // Kestrel closes after the last step of ours: who sees the end knows that the place is free.
        foreach (var socket in stalled)
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            socket.Shutdown(SocketShutdown.Send);
            Assert.True(await EndsAsync(stream));
        }
        await using var b = await PeerAsync(_site.Node("b"));
        b.Directory.Saw("a", narrow.Address);
        Assert.Equal("b", await b.AskWhoAsync("a", Patience));
    }

    [Fact]
    public async Task Nodes_do_not_count_as_strangers()
    {
        await using var narrow = await TestPeer.StartAsync(_site.First, _site.Book, new PeerListenerOptions { MaxStrangers = 1, MaxStrangersPerAddress = 1 });
        foreach (var name in new[] { "b", "c", "d" })
        {
            var peer = await PeerAsync(_site.Node(name));
            peer.Directory.Saw("a", narrow.Address);
            Assert.Equal(name, await peer.AskWhoAsync("a", Patience));
            await peer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_node_has_a_bounded_number_of_connections()
    {
        var connections = new PeerConnections();
        var kept = Enumerable.Range(0, PeerConnections.MaxPerPeer).Select(_ => connections.Register("b", () => { })).ToList();
        Assert.DoesNotContain(null, kept);
        Assert.Null(connections.Register("b", () => { }));
        kept[0]!.Dispose();
        Assert.NotNull(connections.Register("b", () => { }));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Nobody_at_any_address_is_told_with_each_address_and_its_reason()
    {
        await using var b = await PeerAsync(_site.Node("b"));
        using var closed = new Socket(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var nobody = NodeAddress.Of((IPEndPoint)closed.LocalEndPoint!);
        b.Directory.Saw("c", nobody);
        var failed = Assert.IsType<DialOutcome.Failed>(await b.Dialer.DialAsync("c", SslApplicationProtocol.Http2, Patience));
        Assert.Equal($"Node 'c' did not answer: {nobody} (connection refused). Check that it runs and that TCP 7400 is open between the nodes.", failed.Message);
        Assert.Contains("No address of node 'd' is known", Assert.IsType<DialOutcome.Failed>(await b.Dialer.DialAsync("d", SslApplicationProtocol.Http2, Patience)).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _patience.Dispose();
        _log.Dispose();
        _site.Dispose();
    }

    public async ValueTask DisposeAsync() => await _a.DisposeAsync();

    private async Task<TestPeer> PeerAsync(NodeIdentity identity)
    {
        // A view of its own: what is removed from the site's book stays in this node's.
        var peer = await TestPeer.StartAsync(identity, new TestBook(_site.Book.Current));
        peer.Knows(_a);
        return peer;
    }

    private async Task<Socket> TcpAsync(TestPeer to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to.Listener.EndPoint, Patience);
        return socket;
    }

    private async Task<bool> IsTurnedAwayAsync(TestPeer at)
    {
        try
        {
            await using var stream = new NetworkStream(await TcpAsync(at), ownsSocket: true);
            return await EndsAsync(stream);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    // Over both protocols: the server ends it before it answers anything.
    private async Task AssertGetsNothingAsync(NodeIdentity shows)
    {
        using var channel = Stranger.Channel(_a.Listener.EndPoint, shows);
        await Assert.ThrowsAsync<RpcException>(async () => await new Membership.MembershipClient(channel).RenewAsync(new(), cancellationToken: Patience));
        await Assert.ThrowsAsync<RpcException>(async () => await new Messages.Site.Joining.JoiningClient(channel).GreetAsync(new(), cancellationToken: Patience));
        await using var raft = await Stranger.ConnectAsync(_a.Listener.EndPoint, shows, PeerProtocol.Raft, Patience);
        Assert.True(await Stranger.IsEndedAsync(raft, Patience));
    }

    // The server may say goodbye (an alert, HTTP/2 settings) before it closes.
    private async Task<bool> EndsAsync(Stream stream)
    {
        var rest = new byte[256];
        try
        {
            while (await stream.ReadAsync(rest, Patience) > 0)
            {
            }
            return true;
        }
        catch (Exception reset) when (reset is IOException or AuthenticationException)
        {
            return true;
        }
    }
}
