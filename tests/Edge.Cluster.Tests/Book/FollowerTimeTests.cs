using Edge.Cluster.Book;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Cluster.Tests.Book;

/// <summary>A follower's times, by a driven clock.</summary>
public sealed class FollowerTimeTests : IDisposable
{
    private static readonly FollowerBookOptions Options = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-time-");
    private readonly ArmedTime _time = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BookCopyFile File => new(Path.Combine(_folder.FullName, "book"));

    [Fact]
    public async Task A_silent_node_is_left_for_the_next_and_the_waits_between_double_up_to_the_longest()
    {
        var source = new SilentSource();
        await using var follower = FollowerBook.Start("pi-2", source, File, () => ["pi-1", "pi-3"], Options, _time, NullLogger<FollowerBook>.Instance);
        var (nodes, waits) = (new List<string>(), new List<double>());
        for (var attempt = 0; attempt < 8; attempt++)
        {
            nodes.Add(await source.Asked.ReadAsync(Cancellation));
            _time.Advance(Options.SilenceMax);
            var wait = await _time.NextAsync(but: Options.SilenceMax);
            waits.Add(wait.TotalMilliseconds);
            _time.Advance(wait);
        }

        Assert.Equal(["pi-1", "pi-3", "pi-1", "pi-3", "pi-1", "pi-3", "pi-1", "pi-3"], nodes);
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000], waits);
    }

    [Fact]
    public async Task The_copy_is_written_at_most_once_a_second_and_once_at_the_end()
    {
        var book = new AppliedBook(BookState.Empty);
        using var stop = new CancellationTokenSource();
        var keeper = new BookCopyKeeper(File, book, Options.CopyEvery, _time, NullLogger.Instance);
        var running = keeper.RunAsync(stop.Token);

        Go(book, keeper, 1);
        await _time.NextAsync();
        Go(book, keeper, 2);
        Go(book, keeper, 3);
        Assert.Equal(1ul, OnDisk());

        _time.Advance(Options.CopyEvery);
        await _time.NextAsync();
        Assert.Equal(3ul, OnDisk());

        Go(book, keeper, 4);
        await stop.CancelAsync();
        await running;
        Assert.Equal(4ul, OnDisk());
    }

    [Fact]
    public async Task A_copy_that_the_disk_refused_is_tried_again()
    {
        var book = new AppliedBook(BookState.Empty);
        using var stop = new CancellationTokenSource();
        var keeper = new BookCopyKeeper(File, book, Options.CopyEvery, _time, NullLogger.Instance);
        _folder.Delete();
        var running = keeper.RunAsync(stop.Token);
        Go(book, keeper, 1);
        await _time.NextAsync();

        _folder.Create();
        _time.Advance(Options.CopyEvery);
        await _time.NextAsync();

        Assert.Equal(1ul, OnDisk());
        await stop.CancelAsync();
        await running;
    }

    private ulong OnDisk() => Assert.IsType<BookCopy.Kept>(File.Read()).State.Index;

    private static void Go(AppliedBook book, BookCopyKeeper keeper, ulong index)
    {
        book.Advance(book.Current with { Index = index }, null);
        keeper.Touch();
    }
}
