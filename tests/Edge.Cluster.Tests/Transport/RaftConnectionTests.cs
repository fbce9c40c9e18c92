using System.Net;
using System.Text;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Edge.Cluster.Tests.Trust;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Microsoft.AspNetCore.Connections;

namespace Edge.Cluster.Tests.Transport;

/// <summary>The streams that the Raft library gets: accepted through the listener's factory, dialled by name.</summary>
public sealed class RaftConnectionTests : IAsyncLifetime, IDisposable
{
    private readonly TestSite _site = new();
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private TestPeer _a = null!;
    private TestPeer _b = null!;

    private CancellationToken Patience => _patience.Token;

    public async ValueTask InitializeAsync()
    {
        _patience.CancelAfter(TestPeer.Patience);
        _a = await TestPeer.StartAsync(_site.First, _site.Book);
        _b = await TestPeer.StartAsync(_site.Node("b"), _site.Book);
        _b.Knows(_a);
    }

    [Fact]
    public async Task Bytes_go_both_ways_and_each_side_knows_the_others_name()
    {
        _site.LetVote("a", "b");
        await using var listener = await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience);
        await using var dialled = await DialAsync();
        await using var accepted = await AcceptAsync(listener);

        await dialled.Transport.Output.WriteAsync("ping"u8.ToArray(), Patience);
        Assert.Equal("ping", await ReadAsync(accepted));
        await accepted.Transport.Output.WriteAsync("pong"u8.ToArray(), Patience);
        Assert.Equal("pong", await ReadAsync(dialled));
        Assert.Equal(("b", "a"), (PeerCaller.PeerName(accepted), PeerCaller.PeerName(dialled)));
    }

    [Fact]
    public async Task A_node_that_is_no_voter_is_closed()
    {
        await using var listener = await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience);
        await using var dialled = await DialAsync();
        Assert.Equal("", await ReadAsync(dialled));
    }

    [Fact]
    public async Task While_nobody_accepts_connections_are_closed_and_binding_again_works()
    {
        _site.LetVote("a", "b");
        await using (await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience));
        }
        await using (var early = await DialAsync())
            Assert.Equal("", await ReadAsync(early));

        await using var listener = await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience);
        await using var dialled = await DialAsync();
        await using var accepted = await AcceptAsync(listener);
        Assert.Equal("b", PeerCaller.PeerName(accepted));
    }

    [Fact]
    public async Task A_removed_voters_connection_breaks_at_both_ends()
    {
        _site.LetVote("a", "b");
        await using var listener = await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience);
        await using var dialled = await DialAsync();
        await using var accepted = await AcceptAsync(listener);
        _site.Remove("b");
        Assert.Equal("", await ReadAsync(accepted));
        Assert.Equal("", await ReadAsync(dialled));
    }

    [Fact]
    public async Task Disposing_one_end_ends_the_other_and_leaves_nothing_in_the_list()
    {
        _site.LetVote("a", "b");
        await using var listener = await _a.Listener.Raft.BindAsync(new DnsEndPoint("a", 1), Patience);
        var dialled = await DialAsync();
        await using var accepted = await AcceptAsync(listener);
        Assert.Equal(1, _b.Connections.Count("a"));
        await dialled.DisposeAsync();
        Assert.Equal("", await ReadAsync(accepted));
        Assert.Equal(0, _b.Connections.Count("a"));
    }

    [Fact]
    public async Task An_unreachable_voter_is_an_IO_failure_that_lists_what_was_tried()
    {
        var failure = await Assert.ThrowsAsync<IOException>(async () => await _b.Dialer.ConnectAsync(new DnsEndPoint("c", 1), Patience));
        Assert.Contains("No address of node 'c' is known", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Raft_library_elects_one_leader_over_these_connections()
    {
        _site.LetVote("a", "b");
        _a.Knows(_b);
        await using var first = Voter(_a, "a", "b");
        await using var second = Voter(_b, "a", "b");
        await Task.WhenAll(first.StartAsync(Patience), second.StartAsync(Patience));
        var leader = await first.WaitForLeaderAsync(TestPeer.Patience, Patience);
        Assert.Equal(leader.EndPoint, (await second.WaitForLeaderAsync(TestPeer.Patience, Patience)).EndPoint);
        await Task.WhenAll(first.StopAsync(Patience), second.StopAsync(Patience));
    }

    public void Dispose()
    {
        _patience.Dispose();
        _site.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _b.DisposeAsync();
        await _a.DisposeAsync();
    }

    private static RaftCluster Voter(TestPeer peer, params string[] voters)
    {
        var configuration = new RaftCluster.CustomTransportConfiguration(new DnsEndPoint(peer.Identity.Name, 1), peer.Listener.Raft, peer.Dialer)
        {
            ColdStart = false,
            LowerElectionTimeout = 300,
            UpperElectionTimeout = 600,
            ConfigurationStorage = null!,
        };
        var list = ((InMemoryClusterConfigurationStorage<EndPoint>)configuration.ConfigurationStorage).CreateInitialConfigurationBuilder();
        foreach (var voter in voters)
            list.Add(new DnsEndPoint(voter, 1));
        list.Build();
        return new RaftCluster(configuration) { AuditTrail = new ConsensusOnlyState() };
    }

    private async Task<ConnectionContext> DialAsync() => await _b.Dialer.ConnectAsync(new DnsEndPoint("a", 1), Patience);

    private async Task<ConnectionContext> AcceptAsync(IConnectionListener listener) => await listener.AcceptAsync(Patience) ?? throw new InvalidOperationException("The listener ended before a connection came.");

    // What arrives next; empty when the connection has ended, in whatever way.
    private async Task<string> ReadAsync(ConnectionContext connection)
    {
        try
        {
            var read = await connection.Transport.Input.ReadAsync(Patience);
            var text = Encoding.ASCII.GetString(read.Buffer);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            return text;
        }
        catch (Exception ended) when (ended is IOException or ConnectionAbortedException or ObjectDisposedException)
        {
            return "";
        }
    }
}
