using CsCheck;
using Edge.Actors.Channels;
using Edge.Actors.Channels.Keys;
using Edge.Messages.Channels;
using Google.Protobuf;

namespace Edge.Actors.Tests.Channels;

public sealed class PositionTests
{
    [Fact]
    public void Cursors_that_move_and_come_back_from_a_position_say_the_same() =>
        Gen.Select(Gen.Int[0, 4], Gen.Long[1, 1_000]).List[0, 50].Sample(moves =>
        {
            var (cursors, expected) = (new LogCursors(), new Dictionary<string, long>());
            foreach (var (log, sequence) in moves)
            {
                cursors.Set($"pi-{log}", sequence);
                expected[$"pi-{log}"] = sequence;
            }

            var position = cursors.Save();
            var again = new LogCursors();
            again.Load(position);
            return expected.All(e => position[e.Key] == e.Value && again[e.Key] == e.Value) && position.Cursors.Count == expected.Count
                && again.IsAt(position) && cursors.IsAt(position) && position.Equals(again.Save()) && position["pi-9"] == 0;
        });

    [Fact]
    public void A_position_reads_as_people_write_it()
    {
        Assert.Equal("pi-1:12 pi-2:3", Position.Of([new("pi-2", 3), new("pi-1", 12), new("pi-3", 0)]).ToString());
        Assert.Equal("start", Position.Start.ToString());
    }

    [Fact]
    public void A_head_comes_back_as_it_was_written_and_one_of_a_node_on_its_own_is_a_cursor_in_its_log()
    {
        var head = new StoredHead(Position.Of([new("a", 7), new("b", 9)]), TestSite.At(4), 3);

        Assert.Equal(head, StoredHead.Of(TestNode.Channel(), new(7, head.Encode()), "a"));
        Assert.Equal(new(Position.Of("a", 12), null, 0), StoredHead.Of(TestNode.Channel(), new(12, new ChannelHead { Format = 1 }.ToByteArray()), "a"));
        Assert.Throws<ChannelStateDamagedException>(() => StoredHead.Of(TestNode.Channel(), new(12, new ChannelHead { Format = 9 }.ToByteArray()), "a"));
    }

    [Fact]
    public async Task A_data_folder_of_before_the_site_goes_on_from_its_count_and_counts_nothing_twice()
    {
        // As the version before wrote it: count 5 at sequence 5, the head lost in between so that the log is read again.
        var disks = new TestNode();
        for (var i = 0; i < 6; i++) disks.Log.Append(new() { Tenant = "default", Topic = "in/a", Qos = 1, ArrivalUs = 1_700_000_000_000_000, Payload = ByteString.CopyFromUtf8("m") });
        var state = new KeyState { Format = 1, Position = 5, Snapshot = ByteString.CopyFrom(BitConverter.GetBytes(5)), Block = new(), Clock = new() };
        await disks.Store.CommitAsync(TestNode.Channel(), new(3, new ChannelHead { Format = 1 }.ToByteArray(), [new("", state.ToByteArray())]));

        await using var node = await TestNode.StartAsync([TestNode.Counting()], disksOf: disks);

        await node.Committed(6);
        Assert.Equal(["6"], node.Received.TextsOn("out"));
        Assert.Equal(KeyLane.Format, KeyState.Parser.ParseFrom(disks.Store.LoadKey(TestNode.Channel(), "")!.Value.Span).Format);
    }
}
