using System.Collections.Concurrent;
using Edge.Cluster.Book;
using Edge.Cluster.Tests.Book;
using Edge.Messages.Book;
using Grpc.Core;
using Grpc.Net.Client;
using Proto.Remote;

namespace Edge.Cluster.Tests.Fenced;

/// <summary>Two systems in one process that reach each other over real gRPC. What runs where is in one book, which the test writes.</summary>
public sealed class FencedSystemTests : IAsyncLifetime
{
    private const string Boiler = "default/boiler";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(2);

    private readonly LedBook _book = new(BookScript.Site("pi-1", "pi-2").State);
    private readonly ConcurrentDictionary<string, int> _ports = new();
    private FencedNode _first = null!;
    private FencedNode _second = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await FencedNode.StartAsync("pi-1", _book, _ports);
        _second = await FencedNode.StartAsync("pi-2", _book, _ports);
        Admit(_first);
        Admit(_second);
        await Task.WhenAll(_first.JoinAsync(), _second.JoinAsync()).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task An_actor_is_asked_from_another_node_and_from_its_own()
    {
        var epoch = Place(_second);

        Assert.Equal(("pi-2", epoch), await _first.AskAsync(Boiler, Patience));
        Assert.Equal(("pi-2", epoch), await _second.AskAsync(Boiler, Patience));
        Assert.Equal((0, 1), (_first.System.Actors, _second.System.Actors));
    }

    [Fact]
    public async Task An_actor_that_moves_is_stopped_before_it_is_released_and_found_at_its_next_owner()
    {
        var before = Place(_second);
        Assert.Equal(("pi-2", before), await _first.AskAsync(Boiler, Patience));

        Placed(new Placement { Kind = "channel", Identity = Boiler, Node = "pi-2", Member = _second.System.Member, MovingTo = "pi-1" }, keepsOwner: true);
        var (actor, released) = await _second.Released.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((new ActorName("channel", Boiler), before), (actor, Epochs.Text(released)));
        Assert.Equal(before, Assert.Single(_second.Stopped));
        Assert.Null(await _first.AskAsync(Boiler, Refusal));

        Done(new BookCommand { ReportReleased = new ReportReleased { Actor = new ActorId { Kind = actor.Kind, Identity = actor.Identity }, Epoch = released, Member = _second.System.Member } });
        var after = Place(_first);

        Assert.NotEqual(before, after);
        Assert.Equal(("pi-1", after), await _second.AskAsync(Boiler, Patience));
        Assert.Equal(("pi-1", after), await _first.AskAsync(Boiler, Patience));
    }

    [Fact]
    public async Task An_actor_of_a_member_that_is_gone_is_found_at_its_next_owner_by_who_knew_the_first()
    {
        var before = Place(_second);
        Assert.Equal(("pi-2", before), await _first.AskAsync(Boiler, Patience));

        await _second.System.DisposeAsync();
        var gone = new ChangeMembers { Left = { new MemberLeft { Node = "pi-2", Member = _second.System.Member } } };
        gone.Placements.Add(new Placement { Kind = "channel", Identity = Boiler, Node = "pi-1", Member = _first.System.Member });
        Done(new BookCommand { ChangeMembers = gone });

        var answer = await _first.AskAsync(Boiler, Patience);
        Assert.Equal("pi-1", answer?.Node);
        Assert.NotEqual(before, answer?.Epoch);
    }

    [Fact]
    public async Task Messages_are_refused_once_the_lease_is_lost_from_its_own_node_and_from_another()
    {
        var epoch = Place(_second);
        Assert.Equal(("pi-2", epoch), await _first.AskAsync(Boiler, Patience));

        _second.LoseLease();

        Assert.Null(await _first.AskAsync(Boiler, Refusal));
        Assert.Null(await _second.AskAsync(Boiler, Refusal));
    }

    [Fact]
    public async Task An_actor_that_is_placed_nowhere_is_not_found()
    {
        Assert.Null(await _first.AskAsync("default/none", Refusal));
    }

    [Fact]
    public async Task A_caller_whose_member_id_is_not_the_one_in_the_book_is_refused()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => ConnectAsync("pi-1", new ServerConnection { Address = "pi-1:7400", MemberId = "another" }));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains("pi-1", refused.Status.Detail);
    }

    [Fact]
    public async Task A_caller_whose_address_is_not_that_of_its_certificate_is_refused()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => ConnectAsync("pi-2", new ServerConnection { Address = "pi-1:7400", MemberId = _first.System.Member }));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task A_block_list_that_comes_with_a_handshake_is_dropped()
    {
        var answer = await ConnectAsync("pi-1", new ServerConnection { Address = "pi-1:7400", MemberId = _first.System.Member, BlockList = { "third", _second.System.Member } });

        Assert.False(answer.ConnectResponse.Blocked);
        Assert.Empty(_second.System.Cluster.Remote.BlockList.BlockedMembers);
    }

    // A handshake as a peer's library makes it, with whatever it says of itself; the second node's first answer.
    private async Task<RemoteMessage> ConnectAsync(string certificate, ServerConnection says)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_ports["pi-2"]}");
        using var call = new Remoting.RemotingClient(channel).Receive(new Metadata { { "peer", certificate } }, DateTime.UtcNow + Patience, TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new RemoteMessage { ConnectRequest = new ConnectRequest { ServerConnection = says } }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call.ResponseStream.Current;
    }

    private void Admit(FencedNode node) =>
        Done(new BookCommand { ChangeMembers = new ChangeMembers { Joined = { new MemberJoined { Node = node.Name, Member = node.System.Member } } } });

    private string Place(FencedNode node, string identity = Boiler) => Placed(new Placement { Kind = "channel", Identity = identity, Node = node.Name, Member = node.System.Member });

    private string Placed(Placement placement, bool keepsOwner = false)
    {
        var name = ActorName.Of(placement);
        Done(new BookCommand { PlaceActors = new PlaceActors { Edits = { new PlacementEdit { Placement = placement, Expected = _book.Current.Placements.GetValueOrDefault(name)?.Epoch, KeepsOwner = keepsOwner } } } });
        return Epochs.Text(_book.Current.Placements[name].Epoch);
    }

    private void Done(BookCommand command) => Assert.Empty(_book.Append(command).Refusals);
}
