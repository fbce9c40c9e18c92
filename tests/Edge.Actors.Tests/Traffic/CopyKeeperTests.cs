using Edge.Actors.Channels;
using Edge.Actors.Placement;
using Edge.Actors.Traffic;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Actors.Tests.Traffic;

public sealed class CopyKeeperTests
{
    private readonly MemoryChannelStore _store = new();
    private readonly ChannelOwners _owners = new();

    private CopyKeeper Keeper => new("b", _store, _owners);

    [Fact]
    public async Task The_first_copy_of_an_epoch_must_be_whole_and_takes_the_place_of_what_was_there()
    {
        await Keeper.KeepAsync("a", Copy(1, 1, whole: true, "x", "y"));
        await Keeper.KeepAsync("a", Copy(1, 2, whole: false, "z"));

        Assert.True((await Keeper.KeepAsync("a", Copy(2, 1, whole: false, "z"))).WantsWhole);
        Assert.False((await Keeper.KeepAsync("a", Copy(2, 1, whole: true, "y"))).WantsWhole);

        Assert.Equal(["y"], _store.Keys);
        Assert.Equal(new StoredHead(Position.Of("a", 1), At(2), 1), Head());
    }

    [Fact]
    public async Task A_copy_after_a_missing_one_asks_for_a_whole_one_and_a_repeated_one_is_kept_already()
    {
        await Keeper.KeepAsync("a", Copy(1, 1, whole: true, "x"));

        Assert.True((await Keeper.KeepAsync("a", Copy(1, 3, whole: false, "y"))).WantsWhole);
        Assert.False((await Keeper.KeepAsync("a", Copy(1, 2, whole: false, "y"))).WantsWhole);
        Assert.False((await Keeper.KeepAsync("a", Copy(1, 2, whole: false, "y"))).WantsWhole);

        Assert.Equal(2, Head().Copy);
    }

    [Fact]
    public async Task A_copy_of_a_lower_epoch_is_refused_and_changes_nothing()
    {
        await Keeper.KeepAsync("c", Copy(2, 1, whole: true, "x"));

        var late = await Keeper.KeepAsync("a", Copy(1, 9, whole: true, "y"));

        Assert.True(late.Fenced);
        Assert.Contains("1.2", late.Refused, StringComparison.Ordinal);
        Assert.Equal(["x"], _store.Keys);
    }

    [Fact]
    public async Task A_copy_of_an_epoch_that_only_the_stored_state_knows_is_refused_too()
    {
        await Keeper.KeepAsync("c", Copy(2, 1, whole: true, "x"));

        var late = await new CopyKeeper("b", _store, new()).KeepAsync("a", Copy(1, 1, whole: true, "y"));

        Assert.True(late.Fenced);
        Assert.Equal(["x"], _store.Keys);
    }

    [Fact]
    public async Task A_node_that_does_not_own_the_channel_cannot_send_copies_of_it()
    {
        _owners.Apply(new([], [], [TestNode.Counting()]), TestSite.Table(new("a", At(3)), "a", "b"));

        Assert.True((await Keeper.KeepAsync("c", Copy(3, 1, whole: true, "x"))).Fenced);
        Assert.Empty((await Keeper.KeepAsync("a", Copy(3, 1, whole: true, "x"))).Refused);
    }

    [Fact]
    public async Task A_whole_copy_in_parts_counts_with_its_last_part_and_begins_again_when_one_is_missing()
    {
        var keeper = Keeper;
        await keeper.KeepAsync("a", Copy(1, 1, whole: true, "old"));
        await keeper.KeepAsync("a", Part(0, more: true, "lost"));
        Assert.Equal(["old"], _store.Keys);
        Assert.True((await keeper.KeepAsync("a", Part(2, more: false, "late"))).WantsWhole);

        await keeper.KeepAsync("a", Part(0, more: true, "x"));
        await keeper.KeepAsync("a", Part(1, more: true, "y"));
        Assert.Equal(["old"], _store.Keys);
        await keeper.KeepAsync("a", Part(2, more: false, "z"));

        Assert.Equal(["x", "y", "z"], _store.Keys.Order());
        Assert.Equal(2, Head().Copy);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_a_later_copy_is_kept()
    {
        _store.Full = true;
        var refused = await Keeper.KeepAsync("a", Copy(1, 1, whole: true, "x"));
        _store.Full = false;

        Assert.Contains("No space", refused.Refused, StringComparison.Ordinal);
        Assert.False(refused.Fenced);
        Assert.Empty((await Keeper.KeepAsync("a", Copy(1, 1, whole: true, "x"))).Refused);
    }

    private static Epoch At(ulong index) => TestSite.At(index);

    private static ChannelCopy Part(int part, bool more, params string[] keys)
    {
        var copy = Copy(1, 2, whole: true, keys);
        (copy.Part, copy.More) = (part, more);
        return copy;
    }

    private static ChannelCopy Copy(ulong epoch, long number, bool whole, params string[] keys)
    {
        var copy = new ChannelCopy { Channel = TestNode.Channel().ToString(), Epoch = At(epoch), Number = number, Whole = whole };
        copy.Position.Add("a", number);
        copy.Keys.AddRange(keys.Select(key => new KeyCopy { Key = key, State = ByteString.CopyFromUtf8(key) }));
        return copy;
    }

    private StoredHead Head() => StoredHead.Of(TestNode.Channel(), _store.Load(TestNode.Channel())!, "b");
}
