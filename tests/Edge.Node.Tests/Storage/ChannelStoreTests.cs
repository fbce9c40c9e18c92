using System.Text;
using CsCheck;
using Edge.Actors.Channels;
using Edge.Messages.Channels;
using Edge.Messages.Tenants;
using Edge.Node.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Tests.Storage;

public sealed class ChannelStoreTests : IDisposable
{
    private static readonly ChannelId Ecg = new(new TenantName("default"), "ecg");
    private static readonly ChannelId Boiler = new(new TenantName("default"), "boiler");

    private readonly TestFolder _folder = new();

    private string File => _folder["state.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_commit_is_read_back_after_reopening()
    {
        using (var store = Open())
        {
            Assert.Null(store.Load(Ecg));
            await store.CommitAsync(Ecg, Commit(7, "head", ("", "state"), ("pump-1", "on")));
            await store.CommitAsync(Ecg, Commit(8, "head 2", ("pump-1", "off")));
        }
        using var again = Open();
        Assert.Equal((8, "head 2"), (again.Load(Ecg)!.Position, Text(again.Load(Ecg)!.Head)));
        Assert.Equal(("state", "off"), (Text(again.LoadKey(Ecg, "")), Text(again.LoadKey(Ecg, "pump-1"))));
        Assert.Null(again.LoadKey(Ecg, "pump-2"));
        Assert.Null(again.Load(Boiler));
    }

    [Fact]
    public async Task A_deleted_channel_leaves_nothing_and_its_neighbour_stays()
    {
        using var store = Open();
        await store.CommitAsync(Ecg, Commit(7, "head", ("k", "state")));
        await store.CommitAsync(Boiler, Commit(9, "other", ("k", "kept")));
        await store.DeleteAsync(Ecg);
        Assert.Null(store.Load(Ecg));
        Assert.Null(store.LoadKey(Ecg, "k"));
        Assert.Equal("kept", Text(store.LoadKey(Boiler, "k")));
    }

    [Fact]
    public async Task A_copy_that_comes_in_parts_takes_the_place_of_the_state_with_its_last_part_and_its_neighbour_stays()
    {
        using (var store = Open())
        {
            await store.CommitAsync(Ecg, Commit(7, "head", ("k", "old"), ("gone", "old")));
            await store.CommitAsync(Boiler, Commit(9, "other", ("k", "kept")));
            await store.StageAsync(Ecg, [new StoredKey("stale", Encoding.UTF8.GetBytes("stale"))], first: true);
            await store.StageAsync(Ecg, [new StoredKey("k", Encoding.UTF8.GetBytes("new"))], first: true);
            await store.StageAsync(Ecg, [new StoredKey("l", Encoding.UTF8.GetBytes("new too"))], first: false);
            Assert.Equal(("head", "old"), (Text(store.Load(Ecg)!.Head), Text(store.LoadKey(Ecg, "k"))));
            Assert.Equal(["gone", "k"], store.Keys(Ecg).Order());
            await store.ReplaceAsync(Ecg, Commit(8, "copy", ("m", "last")), staged: true);
        }
        using var again = Open();
        Assert.Empty(again.Damage.Sentences);
        Assert.Equal((8, "copy"), (again.Load(Ecg)!.Position, Text(again.Load(Ecg)!.Head)));
        Assert.Equal(["k", "l", "m"], again.Keys(Ecg).Order());
        Assert.Equal(("new", "new too", "last"), (Text(again.LoadKey(Ecg, "k")), Text(again.LoadKey(Ecg, "l")), Text(again.LoadKey(Ecg, "m"))));
        Assert.Equal("kept", Text(again.LoadKey(Boiler, "k")));
    }

    [Fact]
    public async Task Commits_of_many_channels_at_once_all_arrive()
    {
        using var store = Open();
        var channels = Enumerable.Range(0, 200).Select(i => new ChannelId(new TenantName("default"), $"c{i}")).ToList();
        await Task.WhenAll(channels.Select(channel => store.CommitAsync(channel, Commit(1, channel.Name))));
        Assert.All(channels, channel => Assert.Equal(channel.Name, Text(store.Load(channel)!.Head)));
    }

    [Fact]
    public async Task A_flipped_byte_anywhere_in_the_file_is_never_returned_as_good()
    {
        using (var store = Open())
            await store.CommitAsync(Ecg, Commit(7, new string('h', 500), [.. Enumerable.Range(0, 40).Select(i => ($"key-{i}", new string((char)('a' + (i % 26)), 300)))]));
        var pristine = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);

        Gen.Int[0, pristine.Length - 1].Select(Gen.Int[0, 7]).Sample((at, bit) =>
        {
            foreach (var left in Directory.GetFiles(_folder.Path))
                System.IO.File.Delete(left);
            var damaged = (byte[])pristine.Clone();
            damaged[at] ^= (byte)(1 << bit);
            System.IO.File.WriteAllBytes(File, damaged);
            using var store = Open();
            var noticed = store.Damage.Sentences.Count > 0;
            AssertGoodOrNoticed(() => store.Load(Ecg)?.Head, new string('h', 500), noticed);
            for (var i = 0; i < 40; i++)
                AssertGoodOrNoticed(() => store.LoadKey(Ecg, $"key-{i}"), new string((char)('a' + (i % 26)), 300), noticed);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_moved_aside_and_the_store_starts()
    {
        await System.IO.File.WriteAllBytesAsync(File, Encoding.UTF8.GetBytes(new string('x', 9000)), TestContext.Current.CancellationToken);
        using var store = Open();
        Assert.Contains("It was moved to", Assert.Single(store.Damage.Sentences), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder.Path, "state.db.damaged-*"));
        await store.CommitAsync(Ecg, Commit(1, "new"));
        Assert.Equal("new", Text(store.Load(Ecg)!.Head));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_journal_with_commits_behind_it_is_reported()
    {
        byte[] journal, main;
        using (var store = Open())
        {
            for (var i = 1; i <= 50; i++)
                await store.CommitAsync(Ecg, Commit(i, $"head {i}"));
            // What a kill -9 leaves: the file and its journal as they are.
            (main, journal) = (Snapshot(File), Snapshot(File + "-wal"));
        }
        journal[journal.Length / 2] ^= 4;
        await System.IO.File.WriteAllBytesAsync(File, main, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File + "-wal", journal, TestContext.Current.CancellationToken);

        using var again = Open();
        Assert.Contains("commits behind it are lost", Assert.Single(again.Damage.Sentences), StringComparison.Ordinal);
        Assert.InRange(again.Load(Ecg)!.Position, 1, 49);
    }

    [Fact]
    public async Task An_intact_journal_is_not_reported()
    {
        byte[] journal, main;
        using (var store = Open())
        {
            for (var i = 1; i <= 50; i++)
                await store.CommitAsync(Ecg, Commit(i, $"head {i}"));
            (main, journal) = (Snapshot(File), Snapshot(File + "-wal"));
        }
        await System.IO.File.WriteAllBytesAsync(File, main, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File + "-wal", journal.AsMemory(0, journal.Length - 100), TestContext.Current.CancellationToken);
        using var again = Open();
        Assert.Empty(again.Damage.Sentences);
        Assert.Equal(49, again.Load(Ecg)!.Position);
    }

    private ChannelStore Open() => ChannelStore.Open(File, Logs.NoMetrics(), TimeProvider.System, NullLogger<ChannelStore>.Instance);

    private static ChannelCommit Commit(long position, string head, params (string Key, string State)[] keys) =>
        new(position, Encoding.UTF8.GetBytes(head), [.. keys.Select(key => new StoredKey(key.Key, Encoding.UTF8.GetBytes(key.State)))]);

    private static byte[] Snapshot(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? Encoding.UTF8.GetString(some.Span) : null;

    private static void AssertGoodOrNoticed(Func<ReadOnlyMemory<byte>?> load, string good, bool noticed)
    {
        try
        {
            var text = Text(load());
            Assert.True(text == good || (text is null && noticed), $"Got '{text}' instead of '{good}'; noticed: {noticed}.");
        }
        catch (ChannelStateDamagedException)
        {
            // Said so: that is the promise.
        }
    }
}
