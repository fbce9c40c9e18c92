using Edge.Cluster.Book;
using Edge.Cluster.Tests.Transport;
using Edge.Cluster.Transport;
using Edge.Messages.Book;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Cluster.Tests.Book;

/// <summary>A follower against real gRPC servers on loopback.</summary>
public sealed class FollowerBookTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-follower-");
    private readonly BookChannels _channels = new("pi-2");
    private readonly LedBook _book = new(BookScript.Site("pi-1", "pi-2", "pi-3").State);

    public void Dispose()
    {
        _channels.Dispose();
        _folder.Delete(recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BookCopyFile File => new(Path.Combine(_folder.FullName, "book"));

    [Fact]
    public async Task A_follower_receives_the_book_and_what_comes_after_byte_for_byte()
    {
        await using var server = await ServeAsync();
        await using var follower = Follow();
        await ReachAsync(follower, _book.Current.Index);
        _book.Write(500);
        await ReachAsync(follower, _book.Current.Index);

        Assert.Equal(BookScript.Bytes(_book.Current), BookScript.Bytes(follower.Current));
    }

    [Fact]
    public async Task An_append_finds_the_leader_and_is_applied_here_when_it_returns()
    {
        await using var leader = await ServeAsync("pi-1");
        var other = new LedBook(_book.Current) { Leadership = new BookLeadership(false, 1, "pi-1") };
        await using var voter = await ServeAsync("pi-3", other);
        await using var follower = Follow("pi-9", "pi-3", "pi-1");

        var outcome = await follower.AppendAsync(BookScript.Issue("t"), Cancellation);

        Assert.Empty(outcome.Refusals);
        Assert.True(follower.Current.Tokens.ContainsKey("t"));
        Assert.Equal("pi-1", follower.Leadership.Leader);
        Assert.False(_book.Appended.Single().RequestId.IsEmpty);
        Assert.Empty(other.Appended);
    }

    [Fact]
    public async Task A_voter_that_is_cut_off_from_the_others_is_left_for_one_that_has_news()
    {
        await using var leader = await ServeAsync("pi-1");
        await using var cutOff = await ServeAsync("pi-3", new LedBook(_book.Current) { Leadership = new BookLeadership(false, 1, "") });
        await using var follower = Follow("pi-3", "pi-1");
        await ReachAsync(follower, _book.Current.Index);
        _book.Write(10);

        follower.Expect(_book.Current.Index);

        await ReachAsync(follower, _book.Current.Index);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_a_repeated_request_gets_the_first_one()
    {
        await using var server = await ServeAsync();
        await using var follower = Follow();
        var command = BookScript.Issue("t");
        command.RequestId = ByteString.CopyFromUtf8("once");

        var first = await follower.AppendAsync(command, Cancellation);
        var again = await follower.AppendAsync(command, Cancellation);

        Assert.Equal(first, again);
        Assert.Equal(RefusalReason.NameTaken, (await follower.AppendAsync(BookScript.Issue("t"), Cancellation)).Refusals.Single().Reason);
    }

    [Fact]
    public async Task A_read_holds_what_was_answered_before_it()
    {
        await using var server = await ServeAsync();
        await using var follower = Follow();
        var index = _book.Append(BookScript.Issue("t")).Index;

        var state = await follower.ReadAsync(Cancellation);

        Assert.True(state.Index >= index && state.Tokens.ContainsKey("t"));
    }

    [Fact]
    public async Task Without_a_leader_an_append_and_a_read_end_in_words()
    {
        _book.Leadership = new BookLeadership(false, 1, "");
        await using var server = await ServeAsync();
        await using var follower = Follow(new FollowerBookOptions { AnswerMax = TimeSpan.FromMilliseconds(400) }, "pi-1", "pi-8");
        await ReachAsync(follower, _book.Current.Index);

        var error = await Assert.ThrowsAsync<BookUnavailableException>(() => follower.AppendAsync(BookScript.Issue("t"), Cancellation));

        Assert.Contains("pi-1: does not lead and knows no leader", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BookUnavailableException>(() => follower.ReadAsync(Cancellation));
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => follower.AppendAsync(BookScript.Issue("t"), given.Token));
    }

    [Fact]
    public async Task A_node_that_starts_with_no_peer_in_sight_shows_its_last_copy()
    {
        var server = await ServeAsync();
        await using (var follower = Follow())
            await ReachAsync(follower, _book.Current.Index);
        await server.DisposeAsync();

        await using var restarted = Follow();

        Assert.IsType<BookCopy.Kept>(restarted.Copy);
        Assert.Equal(BookScript.Bytes(_book.Current), BookScript.Bytes(restarted.Current));
    }

    [Fact]
    public async Task A_damaged_copy_is_said_and_replaced_from_the_site()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.FullName, "book"), "EDGEBOOK, but not really one, and long enough to look like it", Cancellation);
        await using var server = await ServeAsync();
        await using (var follower = Follow())
        {
            Assert.IsType<BookCopy.Damaged>(follower.Copy);
            await ReachAsync(follower, _book.Current.Index);
        }

        Assert.Equal(_book.Current.Index, Assert.IsType<BookCopy.Kept>(File.Read()).State.Index);
    }

    [Fact]
    public async Task A_follower_that_was_away_for_long_gets_the_whole_book()
    {
        await using var server = await ServeAsync(entriesMax: 10);
        await using (var before = Follow())
            await ReachAsync(before, _book.Current.Index);
        _book.Write(200);
        await using var follower = Follow();
        var snapshots = 0;
        using var watch = follower.Watch(change => snapshots += change.Command is null ? 1 : 0);

        await ReachAsync(follower, _book.Current.Index);

        Assert.Equal(BookScript.Bytes(_book.Current), BookScript.Bytes(follower.Current));
        Assert.InRange(snapshots, 0, 1);
    }

    [Fact]
    public async Task When_its_node_goes_a_follower_takes_the_book_from_another_and_from_the_same_when_it_is_back()
    {
        var first = await ServeAsync("pi-1");
        await using var follower = Follow("pi-1", "pi-3");
        await ReachAsync(follower, _book.Current.Index);
        await first.DisposeAsync();
        _book.Write(3);
        await using (var second = await ServeAsync("pi-3"))
            await ReachAsync(follower, _book.Current.Index);
        _book.Write(3);
        await using var back = await ServeAsync("pi-1");

        await ReachAsync(follower, _book.Current.Index);
    }

    [Fact]
    public async Task A_new_incarnation_with_lower_indices_replaces_the_book_and_an_ended_one_does_not_come_back()
    {
        var old = await ServeAsync();
        await using var follower = Follow("pi-1", "pi-3");
        _book.Write(100);
        await ReachAsync(follower, _book.Current.Index);
        await old.DisposeAsync();
        var restored = new LedBook(BookScript.Site("pi-1", "pi-2", "pi-3").State with { Index = 0 });
        restored.Append(new BookCommand { BeginIncarnation = new BeginIncarnation { Incarnation = 2, Reason = "restored" } });
        var renewed = WhenAsync(follower, state => state.Site!.Incarnation == 2, "incarnation 2");
        await using (await ServeAsync("pi-3", restored))
            await renewed;
        await using var stale = await ServeAsync("pi-1");
        restored.Write(5);
        await using var server = await ServeAsync("pi-3", restored);
        await ReachAsync(follower, restored.Current.Index);

        Assert.Equal(BookScript.Bytes(restored.Current), BookScript.Bytes(follower.Current));
    }

    [Fact]
    public async Task A_removed_node_is_cut_off_while_it_follows()
    {
        await using var server = await ServeAsync();
        await using var follower = Follow(new FollowerBookOptions { AnswerMax = TimeSpan.FromSeconds(3) }, "pi-1");
        await ReachAsync(follower, _book.Current.Index);
        var had = follower.Current.Index;

        _book.Append(new BookCommand { RemoveNode = new RemoveNode { Name = "pi-2" } });
        var error = await Assert.ThrowsAsync<BookUnavailableException>(() => follower.ReadAsync(Cancellation));

        Assert.Contains("PermissionDenied", error.Message, StringComparison.Ordinal);
        Assert.Equal(had, follower.Current.Index);
    }

    [Fact]
    public async Task A_book_that_has_become_newer_than_the_program_ends_the_follower_with_words()
    {
        await using var server = await ServeAsync();
        await using var follower = Follow();
        await ReachAsync(follower, _book.Current.Index);
        var site = _book.Current.Site!.Clone();
        site.Format = BookFormat.Current + 1;

        _book.Replace(_book.Current with { Site = site, Index = _book.Current.Index + 2 });

        await Assert.ThrowsAsync<BookFormatException>(() => follower.Ended.WaitAsync(Patience, TimeProvider.System, Cancellation));
    }

    [Fact]
    public async Task A_book_larger_than_a_message_may_be_arrives_in_parts()
    {
        _book.Append(new BookCommand { ChangeMembers = new ChangeMembers { Joined = { new MemberJoined { Node = "pi-1", Member = "m-pi-1" } } } });
        _book.Append(new BookCommand { PlaceActors = new PlaceActors { Edits = { Enumerable.Range(0, 100_000).Select(i => new PlacementEdit { Placement = BookScript.Placement($"acme/machine-{i}", "pi-1", "pi-2") }) } } });
        Assert.True(BookSnapshots.Write(_book.Current).CalculateSize() > 4 << 20);
        await using var server = await ServeAsync(entriesMax: 1);
        await using var follower = Follow();

        await ReachAsync(follower, _book.Current.Index);

        Assert.Equal(100_000, follower.Current.Placements.Count);
        Assert.Equal(BookScript.Bytes(_book.Current), BookScript.Bytes(follower.Current));
    }

    private async Task<BookServer> ServeAsync(string node = "pi-1", LedBook? book = null, int entriesMax = 4096)
    {
        var server = await BookServer.StartAsync(book ?? _book, entriesMax);
        _channels.Put(node, server.Address);
        return server;
    }

    private FollowerBook Follow(params string[] seeds) => Follow(new FollowerBookOptions(), seeds);

    private FollowerBook Follow(FollowerBookOptions options, params string[] seeds) =>
        FollowerBook.Start("pi-2", new GrpcBookSource(_channels.To), File, () => seeds.Length == 0 ? ["pi-1"] : seeds, options with { BackoffMin = TimeSpan.FromMilliseconds(10), BackoffMax = TimeSpan.FromMilliseconds(100) }, TimeProvider.System, NullLogger<FollowerBook>.Instance);

    private static Task ReachAsync(FollowerBook follower, ulong index) => WhenAsync(follower, state => state.Index >= index && state.Site is not null, $"index {index}");

    private static async Task WhenAsync(FollowerBook follower, Func<BookState, bool> isSo, string what)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = follower.Watch(change =>
        {
            if (isSo(change.After))
                reached.TrySetResult();
        });
        if (isSo(follower.Current))
            return;
        try
        {
            await reached.Task.WaitAsync(Patience, TimeProvider.System, Cancellation);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {Patience} for {what}; the follower is at index {follower.Current.Index} in incarnation {follower.Current.Site?.Incarnation}.");
        }
    }
}
