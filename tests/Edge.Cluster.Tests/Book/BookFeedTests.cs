using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Cluster.Tests.Book;

/// <summary>What followers are sent: entries, or the whole book, and a sign of life.</summary>
public sealed class BookFeedTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LedBook _book = new(BookScript.Site("pi-1", "pi-2").State);
    private readonly BookFeed _feed;

    public BookFeedTests() => _feed = new BookFeed(_book, _time, new BookFeedOptions { EntriesMax = 100 });

    public void Dispose() => _feed.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_follower_that_has_all_hears_the_index_at_once_then_each_entry_as_it_comes()
    {
        await using var frames = Follow(_book.Current);
        Assert.Equal(_book.Current.Index, (await NextAsync(frames)).Index);

        var before = _book.Current.Index;
        var next = NextAsync(frames);
        _book.Write(1);

        var entry = (await next).Entry;
        Assert.Equal((before, _book.Current.Index, 1u), (entry.Previous, entry.Index, entry.Incarnation));
    }

    [Fact]
    public async Task A_follower_that_is_a_little_behind_gets_the_entries_and_ends_with_the_same_bytes()
    {
        var state = _book.Current;
        _book.Write(90);
        await using var frames = Follow(state);
        while (state.Index < _book.Current.Index)
        {
            var entry = (await NextAsync(frames)).Entry;
            state = Assert.IsType<FollowerStep.Advance>(FollowerStep.For(state, new BookFrame { Entry = entry })).Next;
        }

        Assert.Equal(BookScript.Bytes(_book.Current), BookScript.Bytes(state));
    }

    [Fact]
    public async Task A_follower_too_far_behind_or_of_no_book_gets_all_of_it()
    {
        var old = _book.Current;
        _book.Write(101);

        await using var behind = Follow(old);
        Assert.Equal(_book.Current.Index, (await NextAsync(behind)).Snapshot.Index);
        await using var fresh = Follow(BookState.Empty);
        Assert.Equal(_book.Current.Index, (await NextAsync(fresh)).Snapshot.Index);
    }

    [Fact]
    public async Task A_slow_follower_costs_no_memory_and_gets_the_whole_book_when_it_reads_again()
    {
        await using var frames = Follow(_book.Current);
        await NextAsync(frames);

        _book.Write(10_000);

        var (previous, snapshots, entries) = (0ul, 0, 0);
        while (previous < _book.Current.Index)
        {
            var frame = await NextAsync(frames);
            snapshots += frame.Snapshot is null ? 0 : 1;
            entries += frame.Entry is null ? 0 : 1;
            previous = frame.Snapshot?.Index ?? frame.Entry!.Index;
        }
        Assert.Equal((1, 0), (snapshots, entries));
    }

    [Fact]
    public void The_window_is_bounded_in_number_and_in_bytes()
    {
        var window = new BookWindow(entriesMax: 10, bytesMax: 1000);
        for (var i = 1ul; i <= 100; i++)
            window.Add(i - 1, i, 1, new BookCommand { Who = new string('x', 200) });
        Assert.InRange(window.Count, 1, 5);
        Assert.Null(window.After(1, 10));
        Assert.Equal([99ul, 100ul], window.After(98, 10)!.Select(frame => frame.Entry.Index));
        Assert.Equal([99ul], window.After(98, 1)!.Select(frame => frame.Entry.Index));

        window.Add(100, 101, 1, new BookCommand { Who = new string('x', 5000) });
        Assert.Equal(1, window.Count);
        for (var i = 102ul; i < 200; i++)
            window.Add(i - 1, i, 1, new BookCommand());
        Assert.Equal(10, window.Count);
        Assert.Equal(10, window.After(189, 100)!.Count);
    }

    [Fact]
    public async Task In_a_new_incarnation_every_follower_gets_the_whole_book_also_one_that_is_ahead()
    {
        var ahead = _book.Current with { Index = _book.Current.Index + 50 };
        await using var frames = Follow(ahead);
        await NextAsync(frames);
        var next = NextAsync(frames);

        _book.Append(new BookCommand { BeginIncarnation = new BeginIncarnation { Incarnation = 2, Reason = "recovered" } });

        Assert.Equal(2u, (await next).Snapshot.Site.Incarnation);
    }

    [Fact]
    public async Task A_snapshot_that_this_node_received_goes_to_its_followers_whole()
    {
        await using var frames = Follow(_book.Current);
        await NextAsync(frames);
        var next = NextAsync(frames);

        _book.Replace(_book.Current with { Index = _book.Current.Index + 1000 });

        Assert.Equal(_book.Current.Index, (await next).Snapshot.Index);
    }

    [Fact]
    public async Task A_quiet_book_is_heard_every_second()
    {
        await using var frames = Follow(_book.Current);
        await NextAsync(frames);
        for (var second = 0; second < 3; second++)
        {
            var next = NextAsync(frames);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(_book.Current.Index, (await next).Index);
        }
    }

    [Fact]
    public async Task A_follower_that_goes_is_forgotten_and_an_ended_feed_ends_its_streams()
    {
        var frames = Follow(_book.Current);
        await NextAsync(frames);
        Assert.Equal(1, _feed.Followers);
        await frames.DisposeAsync();
        Assert.Equal(0, _feed.Followers);

        await using var others = Follow(_book.Current);
        await NextAsync(others);
        var next = others.MoveNextAsync();
        _feed.Dispose();
        Assert.False(await next);
    }

    private IAsyncEnumerator<BookFrame> Follow(BookState state) => _feed.FollowAsync(state.Index, state.Site?.Incarnation ?? 0, Cancellation).GetAsyncEnumerator(Cancellation);

    private static async Task<BookFrame> NextAsync(IAsyncEnumerator<BookFrame> frames)
    {
        Assert.True(await frames.MoveNextAsync(), "The stream ended.");
        return frames.Current;
    }
}
