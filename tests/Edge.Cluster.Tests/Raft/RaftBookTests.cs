using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Edge.Cluster.Book;
using Edge.Cluster.Raft;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Cluster.Tests.Raft;

/// <summary>The log of one voter, in this process.</summary>
public sealed class RaftBookTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("edge-book-").FullName;

    private RaftBookOptions Options => new(Path.Combine(_root, "book"), "n1") { SnapshotEveryEntries = 64 };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_folder_without_a_log_opens_as_absent() => Assert.IsType<RaftBookOpening.Absent>(await LoneVoter.OpenAsync(Options));

    [Fact]
    public async Task A_book_is_there_again_after_it_was_closed_with_and_without_a_snapshot()
    {
        await using (var book = await LoneVoter.FoundAsync(Options))
        {
            for (var i = 0; i < 150; i++)
                await book.AppendAsync(LoneVoter.Put($"k{i % 10}", $"{i}"), CancellationToken.None);
            Assert.True(book.Leadership.Leads);
        }
        await using var again = Assert.IsType<RaftBookOpening.Opened>(await LoneVoter.OpenAsync(Options)).Book;
        Assert.Equal("149", LoneVoter.Value(await again.ReadAsync(CancellationToken.None), "k9"));
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(Options.Folder, "snapshots")));
    }

    [Fact]
    public async Task A_command_sent_twice_is_carried_out_once_and_answered_the_same()
    {
        await using var book = await LoneVoter.FoundAsync(Options);
        var command = LoneVoter.Put("k", "1");
        command.RequestId = ByteString.CopyFrom(Enumerable.Range(0, 16).Select(i => (byte)i).ToArray());
        var first = await book.AppendAsync(command, CancellationToken.None);
        Assert.Equal(first, await book.AppendAsync(command, CancellationToken.None));
    }

    [Fact]
    public async Task A_command_that_is_too_big_is_refused_with_words()
    {
        await using var book = await LoneVoter.FoundAsync(Options);
        var refusal = Assert.Single((await book.AppendAsync(LoneVoter.Put("k", new string('x', RaftBook.CommandMaxBytes)), CancellationToken.None)).Refusals);
        Assert.Contains("the book takes 1048576", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watchers_see_every_command_in_order_until_they_end()
    {
        await using var book = await LoneVoter.FoundAsync(Options);
        var seen = new List<ulong>();
        using (book.Watch(change => seen.Add(change.After.Index)))
        {
            for (var i = 0; i < 5; i++)
                await book.AppendAsync(LoneVoter.Put("k", $"{i}"), CancellationToken.None);
        }
        await book.AppendAsync(LoneVoter.Put("k", "unseen"), CancellationToken.None);
        Assert.Equal(Enumerable.Range((int)seen[0], 5).Select(i => (ulong)i), seen);
    }

    [Fact]
    public async Task A_lost_checkpoint_is_damage_and_not_an_empty_log()
    {
        await (await LoneVoter.FoundAsync(Options)).DisposeAsync();
        File.Delete(Path.Combine(Options.Folder, "log", "checkpoint"));
        Assert.Contains("checkpoint has 0 bytes while the log has entries", Assert.IsType<RaftBookOpening.Damaged>(await LoneVoter.OpenAsync(Options)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snapshots")]
    [InlineData("voters")]
    [InlineData("log/data")]
    [InlineData("log/metadata")]
    public async Task A_flipped_bit_anywhere_is_found_and_nothing_is_served(string part)
    {
        await using (var book = await LoneVoter.FoundAsync(Options))
        {
            for (var i = 0; i < 70; i++)
                await book.AppendAsync(LoneVoter.Put("k", $"{i}"), CancellationToken.None);
        }
        var path = Path.Combine(Options.Folder, part);
        var file = File.Exists(path) ? path : Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).Last();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        // The library's slot of an entry has 64 bytes: 32 about it, 8 of checksum, and padding that nobody reads. The last entry has index 71: slot 7 of the second page.
        bytes[part == "log/metadata" ? (7 * 64) + 10 : Array.FindLastIndex(bytes, value => value != 0) - 2] ^= 0x10;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        Assert.NotEmpty(Assert.IsType<RaftBookOpening.Damaged>(await LoneVoter.OpenAsync(Options)).Reason);
    }

    [Fact]
    public async Task A_backup_is_whole_or_refused_and_a_restored_site_goes_on_in_a_new_incarnation()
    {
        var backup = Path.Combine(_root, "site.backup");
        await using (var book = await LoneVoter.FoundAsync(Options))
        {
            await book.AppendAsync(LoneVoter.Put("k", "kept"), CancellationToken.None);
            BookFile.Write(backup, await book.ReadAsync(CancellationToken.None));
            await book.AppendAsync(LoneVoter.Put("k", "after the backup"), CancellationToken.None);
        }
        var state = Assert.IsType<BookFileReading.Whole>(BookFile.Read(backup)).State;
        var restored = new RaftBookOptions(Path.Combine(_root, "restored"), "n9");
        new LogFolder(restored.Folder).FoundFrom(state, restored.Self);
        await using (var book = Assert.IsType<RaftBookOpening.Opened>(await LoneVoter.OpenAsync(restored)).Book)
        {
            Assert.Empty((await book.AppendAsync(new BookCommand { Who = "site", BeginIncarnation = new BeginIncarnation { Incarnation = state.Site!.Incarnation + 1, Reason = "restored" } }, CancellationToken.None)).Refusals);
            await book.AppendAsync(LoneVoter.Put("k2", "new"), CancellationToken.None);
        }
        await using var again = Assert.IsType<RaftBookOpening.Opened>(await LoneVoter.OpenAsync(restored)).Book;
        Assert.Equal(("kept", "new", 2u), (LoneVoter.Value(again.Current, "k"), LoneVoter.Value(again.Current, "k2"), again.Current.Site!.Incarnation));

        var bytes = await File.ReadAllBytesAsync(backup, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(backup, bytes[..^1], TestContext.Current.CancellationToken);
        Assert.Contains("wrong checksum", Assert.IsType<BookFileReading.Damaged>(BookFile.Read(backup)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_alone_gives_the_book_back_when_the_other_voters_are_gone()
    {
        await using (var site = new TestSite())
        {
            await site.FormAsync("n1", "n2", "n3");
            await site["n1"].AskAsync("put", "k", "kept");
            await site.KillAsync("n1", "n2", "n3");
            var options = new RaftBookOptions(site.BookFolder("n2"), "n2");
            var state = Assert.IsType<BookFileReading.Whole>(await BookRecovery.ReadLogAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken)).State;
            Assert.Equal("kept", LoneVoter.Value(state, "k"));
            var aside = new LogFolder(options.Folder).SetAside("before-recovery", TimeProvider.System.GetUtcNow(), keep: true);
            Assert.True(Directory.Exists(aside));
            new LogFolder(options.Folder).FoundFrom(state, "n2");
            await using var book = Assert.IsType<RaftBookOpening.Opened>(await LoneVoter.OpenAsync(options)).Book;
            await book.AppendAsync(new BookCommand { Who = "site", BeginIncarnation = new BeginIncarnation { Incarnation = 2, Reason = "recovered" } }, CancellationToken.None);
            Assert.Equal(2u, (await book.ReadAsync(CancellationToken.None)).Site!.Incarnation);
        }
    }

    // Defect 4, seen directly: the library's append returns before the checkpoint, which recovery starts from, covers the entries.
    [Fact]
    public async Task A_followers_append_returns_when_its_entries_are_on_disk()
    {
        var folder = new LogFolder(Options.Folder);
        folder.Found("n1");
        using var voters = VoterListStore.Open(folder.VotersPath, out _)!;
        await using var machine = new BookLogMachine(Options, folder.SnapshotsPath, voters, NullLogger.Instance);
        var (log, _) = await RaftBook.RecoverAsync(Options, folder, machine, TestContext.Current.CancellationToken);
        IAuditTrail<IRaftLogEntry> trail = log!;
        var command = LoneVoter.Put("k", "1").ToByteArray();
        for (var index = 1L; index <= 20; index++)
        {
            var entry = new BinaryLogEntry { Term = 1, Content = command };
            await trail.AppendAsync(new LogEntryProducer<BinaryLogEntry>(entry), index, skipCommitted: true, TestContext.Current.CancellationToken);
            var checkpoint = await File.ReadAllBytesAsync(Path.Combine(folder.WalPath, "checkpoint"), TestContext.Current.CancellationToken);
            Assert.Equal(index, BitConverter.ToInt64(checkpoint, 12));
        }
        await log!.DisposeAsync();
    }

    [Fact]
    public async Task A_notice_of_the_past_does_not_wipe_a_vote()
    {
        await (await LoneVoter.FoundAsync(Options)).DisposeAsync();
        var alone = new LoneVoter();
        await using var seat = new VoterSeat(
            Options, new RaftTransport(alone, alone), new BookForwarding((_, _, _) => throw new IOException(), (_, _, _) => throw new IOException()),
            (_, _) => Task.CompletedTask, TimeProvider.System, NullLoggerFactory.Instance);
        await seat.OpenAsync(TestContext.Current.CancellationToken);
        var notice = new VoterListNotice { Leader = "n2", Voters = { "n2", "n3" }, ListVersion = 0, Term = 9 };
        Assert.Contains("votes by the list of 0", (await seat.SeedAsync(notice, TestContext.Current.CancellationToken)).Trouble, StringComparison.Ordinal);
        Assert.True((await seat.DismissAsync(notice, TestContext.Current.CancellationToken)).Refused);
        Assert.Equal(VoterStanding.Voter, seat.Report().Standing);

        notice.ListVersion = 12;
        Assert.Equal(VoterStanding.Follower, (await seat.DismissAsync(notice, TestContext.Current.CancellationToken)).Standing);
        Assert.Null(seat.Book);
        Assert.False(new LogFolder(Options.Folder).Exists);
    }
}
