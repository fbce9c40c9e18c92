using System.Net;
using Edge.Messages.Book;
using Edge.Node.Admin.Watch;
using Edge.Node.Cli.Remote;
using Google.Protobuf;

namespace Edge.Node.Tests.Admin;

public sealed class WatchTests
{
    [Fact]
    public async Task A_watch_begins_with_all_there_is_and_goes_on_with_every_change_in_order()
    {
        await using var fixture = await AdminFixture.StartAsync();
        await using var watch = await WatchAsync(fixture.Http, "api/v1/resources?watch=true&kind=tenant");
        Assert.Equal(["reset", "put", "synced"], await NamesAsync(watch, 3));
        await fixture.ApplyAsync(SiteText.Tenant("third"));
        await fixture.ApplyAsync(SiteText.Tenant("third", "random"));
        await AdminFixture.SendAsync(fixture.Http, HttpMethod.Delete, "api/v1/resources/Tenant/-/third");
        Assert.Equal(["put", "put", "delete"], await NamesAsync(watch, 3));
    }

    [Fact]
    public async Task Who_comes_back_with_the_last_event_misses_nothing_and_who_was_in_another_incarnation_begins_anew()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var at = WatchPoint.Of(fixture.Book.Current);
        await fixture.ApplyAsync(SiteText.Documents(SiteText.Tenant("third"), SiteText.Tenant("fourth")));
        await using var resumed = await WatchAsync(fixture.Http, $"api/v1/resources?watch=true&after={at}");
        List<ServerEvent> events = [await NextAsync(resumed), await NextAsync(resumed), await NextAsync(resumed)];
        Assert.Equal(["put", "put", "synced"], events.Select(one => one.Name));
        // Both changes are one command: only its last event is a place to come back to.
        Assert.Equal(["", WatchPoint.Of(fixture.Book.Current).ToString()], events.Take(2).Select(one => one.Id));
        await using var other = await WatchAsync(fixture.Http, "api/v1/resources?watch=true&after=9.3");
        Assert.Equal("reset", (await NextAsync(other)).Name);
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.GetAsync("api/v1/resources?watch=true&after=yesterday")).Code);
    }

    [Fact]
    public async Task A_watch_ends_when_its_token_is_revoked()
    {
        await using var fixture = await AdminFixture.StartAsync();
        var token = fixture.Token(Role.Viewer);
        await using var watch = await WatchAsync(fixture.Client(token.Text()), "api/v1/resources?watch=true");
        Assert.Equal(["reset", "put", "synced"], await NamesAsync(watch, 3));
        fixture.Book.Must(new BookCommand { Who = "site", RevokeToken = new RevokeToken { Id = token.Id } });
        await fixture.ApplyAsync(SiteText.Tenant("third"));
        Assert.Equal("denied", (await NextAsync(watch)).Name);
        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public void A_watcher_that_does_not_read_is_cut_and_one_that_was_away_too_long_gets_everything_anew()
    {
        var book = new LocalBook();
        book.Must(new BookCommand { Who = "site", FoundSite = Founded() });
        using var history = new ResourceHistory(book);
        var before = WatchPoint.Of(book.Current);
        using var slow = history.Watch(null);
        for (var i = 0; i <= ResourceHistory.WatcherBacklog; i++) book.Must(Edit(i));
        var read = 0;
        while (slow.Changes.TryRead(out _)) read++;
        Assert.Equal(ResourceHistory.WatcherBacklog, read);
        Assert.True(slow.Changes.Completion.IsCompleted);

        using var near = history.Watch(before);
        Assert.Equal(ResourceHistory.WatcherBacklog + 1, near.Missed.Count);
        for (var i = 0; i <= ResourceHistory.Kept; i++) book.Must(Edit(i));
        using var far = history.Watch(before);
        Assert.NotNull(far.Whole);
    }

    [Fact]
    public async Task A_watched_node_shows_its_latest_state_and_ends_when_it_is_gone()
    {
        await using var fixture = await AdminFixture.StartAsync();
        await using var watch = await WatchAsync(fixture.Http, $"api/v1/nodes/{AdminFixture.OtherNode}?watch=true");
        Assert.Contains("\"state\":\"ready\"", (await NextAsync(watch)).Data, StringComparison.Ordinal);
        await AdminFixture.SendAsync(fixture.Http, HttpMethod.Post, $"api/v1/nodes/{AdminFixture.OtherNode}/cordon", new { reason = "new disk" });
        Assert.Contains("\"cordoned\":\"new disk\"", (await NextAsync(watch)).Data, StringComparison.Ordinal);
        await AdminFixture.SendAsync(fixture.Http, HttpMethod.Delete, $"api/v1/nodes/{AdminFixture.OtherNode}");
        Assert.Equal("gone", (await NextAsync(watch)).Name);
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_watches()
    {
        await using var fixture = await AdminFixture.StartAsync();
        await using var watch = await WatchAsync(fixture.Http, "api/v1/placements?watch=true");
        Assert.Equal("state", (await NextAsync(watch)).Name);
        await Patience.For(fixture.Server.DisposeAsync().AsTask(), "the server to stop while a watch is open");
    }

    private static async Task<IAsyncEnumerator<ServerEvent>> WatchAsync(HttpClient client, string path)
    {
        var stream = await client.GetStreamAsync(path, TestContext.Current.CancellationToken);
        return ServerEvent.ReadAsync(stream, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    private static async Task<ServerEvent> NextAsync(IAsyncEnumerator<ServerEvent> watch)
    {
        Assert.True(await Patience.For(watch.MoveNextAsync().AsTask(), "the next event of a watch"));
        return watch.Current;
    }

    private static async Task<List<string>> NamesAsync(IAsyncEnumerator<ServerEvent> watch, int count)
    {
        List<string> names = [];
        while (names.Count < count) names.Add((await NextAsync(watch)).Name);
        return names;
    }

    private static FoundSite Founded() => new()
    {
        Site = new SiteRecord { Id = ByteString.CopyFrom(new byte[16]), Name = "plant", Incarnation = 1, Format = 1 },
        Node = new NodeRecord { Name = "pi-1", KeyFingerprint = ByteString.CopyFrom(new byte[32]), FormatMax = 1, MayVote = true },
        Admin = new TokenRecord { Id = "a", Hash = ByteString.CopyFrom(new byte[32]), Purpose = TokenPurpose.Person, Role = Role.Admin },
    };

    private static BookCommand Edit(int number) => new()
    {
        Who = "site",
        ApplyResources = new ApplyResources { Edits = { new ResourceEdit { Resource = new Resource { Kind = "Tenant", Name = "t", Document = ByteString.CopyFromUtf8($"{{\"n\":{number + 1_000_000L * number}}}") } } } },
    };
}
