using Edge.Cluster.Book;
using Edge.Cluster.Tests.Book;
using Edge.Cluster.Transport;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Grpc.Core;

namespace Edge.Cluster.Tests.Transport;

/// <summary>Who may ask what of a node.</summary>
public sealed class MembershipServiceTests : IAsyncLifetime
{
    private readonly LedBook _book = new(BookScript.Site("pi-1", "pi-2").State);
    private readonly BookChannels _member = new("pi-2");
    private readonly BookChannels _stranger = new("pi-9");
    private BookServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await BookServer.StartAsync(_book);
        _member.Put("pi-1", _server.Address);
        _stranger.Put("pi-1", _server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _member.Dispose();
        _stranger.Dispose();
        await _server!.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_is_renewed_by_its_own_node_only()
    {
        var client = new Membership.MembershipClient(_member.To("pi-1"));

        var own = await client.RenewAsync(new RenewRequest { Node = "pi-2", Member = "m" }, cancellationToken: Cancellation);
        var other = await client.RenewAsync(new RenewRequest { Node = "pi-1", Member = "m" }, cancellationToken: Cancellation);

        Assert.Equal((true, "pi-2"), (own.Granted, own.Reason));
        Assert.False(other.Granted);
        Assert.Contains("'pi-2'", other.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_lead_says_who_does_and_where()
    {
        _book.Leadership = new BookLeadership(false, 1, "pi-2");
        var client = new Membership.MembershipClient(_member.To("pi-1"));

        var append = await client.AppendAsync(new AppendRequest { Command = BookScript.Issue("t") }, cancellationToken: Cancellation);
        var barrier = await client.BarrierAsync(new BarrierRequest(), cancellationToken: Cancellation);
        var renew = await client.RenewAsync(new RenewRequest { Node = "pi-2" }, cancellationToken: Cancellation);

        Assert.All([append.NotLeading, barrier.NotLeading, renew.NotLeading], to => Assert.Equal(("pi-2", "pi-2:7400"), (to.Leader, to.Address)));
        Assert.Empty(_book.Appended);
    }

    [Fact]
    public async Task A_node_that_is_not_in_the_book_gets_nothing()
    {
        var client = new Membership.MembershipClient(_stranger.To("pi-1"));

        async Task Denied(Func<Task> ask) => Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(ask)).StatusCode);
        await Denied(async () => await client.AppendAsync(new AppendRequest { Command = BookScript.Issue("t") }, cancellationToken: Cancellation));
        await Denied(async () => await client.BarrierAsync(new BarrierRequest(), cancellationToken: Cancellation));
        await Denied(async () => await client.RenewAsync(new RenewRequest { Node = "pi-9" }, cancellationToken: Cancellation));
        await Denied(() => client.Follow(new FollowRequest(), cancellationToken: Cancellation).ResponseStream.MoveNext(Cancellation));
        Assert.Empty(_book.Appended);
    }

    [Fact]
    public async Task A_node_speaks_for_itself_and_never_for_the_leader()
    {
        var client = new Membership.MembershipClient(_member.To("pi-1"));
        async Task<string> Denied(BookCommand command)
        {
            var error = await Assert.ThrowsAsync<RpcException>(async () => await client.AppendAsync(new AppendRequest { Command = command }, cancellationToken: Cancellation));
            Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
            return error.Status.Detail;
        }

        Assert.Contains("'pi-1'", await Denied(new BookCommand { UpdateNode = new UpdateNode { Node = BookScript.Node("pi-1") } }), StringComparison.Ordinal);
        await Denied(new BookCommand { ReportReleased = new ReportReleased { Member = "m-pi-1" } });
        await Denied(BookScript.Place("a", "pi-2"));
        await Denied(new BookCommand { BeginIncarnation = new BeginIncarnation { Incarnation = 2 } });
        Assert.Empty(_book.Appended);
        var own = await client.AppendAsync(new AppendRequest { Command = new BookCommand { UpdateNode = new UpdateNode { Node = BookScript.Node("pi-2") } } }, cancellationToken: Cancellation);
        Assert.Empty(own.Outcome.Refusals);
    }

    [Fact]
    public async Task A_node_out_of_reach_is_named_with_the_reason()
    {
        var source = new GrpcBookSource(_member.To);

        var error = await Assert.ThrowsAsync<BookUnavailableException>(() => source.BarrierAsync("pi-7", Cancellation));

        Assert.StartsWith("pi-7 (Unavailable)", error.Message, StringComparison.Ordinal);
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.BarrierAsync("pi-1", over.Token));
    }

    [Fact]
    public void A_snapshot_in_parts_is_put_together_and_one_that_broke_off_is_not()
    {
        var snapshot = new BookSnapshot { Audit = { Enumerable.Range(0, 3000).Select(_ => new AuditEntry { Detail = new string('x', 1000) }) } };
        var parts = SnapshotParts.Cut(new BookFrame { Snapshot = snapshot }).ToList();
        Assert.All(parts, part => Assert.InRange(part.CalculateSize(), 1, SnapshotParts.PartBytes + 100));

        var join = new SnapshotParts();
        var frames = parts.Select(part => join.Join(BookFrame.Parser.ParseFrom(part.ToByteArray()))).ToList();

        Assert.Equal(snapshot, frames[^1]!.Snapshot);
        Assert.All(frames[..^1], Assert.Null);
        join.Join(parts[0]);
        Assert.Throws<InvalidDataException>(() => join.Join(new BookFrame { Index = 7 }));
    }
}
