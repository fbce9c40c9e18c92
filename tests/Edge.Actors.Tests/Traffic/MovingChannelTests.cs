using System.Globalization;
using System.Text;
using Edge.Actors.Channels;
using Edge.Actors.Diagnostics;
using Edge.Actors.Placement;

namespace Edge.Actors.Tests.Traffic;

/// <summary>A channel of two nodes: its readings come in on both, and it moves in mid-stream.</summary>
public sealed class MovingChannelTests
{
    private static readonly ChannelOwner OnA = new("a", TestSite.At(1)) { Standby = "b" };
    private static readonly ChannelOwner OnB = new("b", TestSite.At(2));

    [Fact]
    public async Task An_owner_pulls_what_another_node_took_in_of_every_qos_in_order()
    {
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA with { Standby = "" }, "a", "b");
        for (var i = 0; i < 3_000; i++) site["b"].Send("m", qos: (byte)(i % 3));

        await site["a"].Received.Count("out", 3_000);

        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => $"{i}"), site["a"].Received.TextsOn("out"));
        Assert.Empty(site["b"].Received.Messages);
        await site["b"].Log.Trimmed(2_000);
    }

    [Fact]
    public async Task A_reading_of_a_megabyte_and_many_of_them_pass_the_wire()
    {
        var large = TestNode.Counting() with { Payload = new() { Format = PayloadFormat.Bytes, MaxBytes = 1 << 20 } };
        await using var site = await TestSite.StartAsync(large, OnA with { Standby = "" }, "a", "b");
        for (var i = 0; i < 20; i++) site["b"].Send(new string('m', 1 << 20));

        await site["a"].Received.Count("out", 20);
    }

    [Fact]
    public async Task A_channel_that_is_moved_in_mid_stream_counts_every_reading_once_and_repeats_no_output()
    {
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA, "a", "b");
        var (fromA, fromB) = (SendAsync(site["a"], 2_000), SendAsync(site["b"], 2_000));
        await site["a"].Received.Count("out", 500);

        var released = Assert.Single((await site.ApplyAsync("a", OnA with { MovingTo = "b" })).Released);
        await site.ApplyAsync("b", OnB);
        await site.ApplyAsync("a", OnB);
        await Task.WhenAll(fromA, fromB);

        Assert.Null(released.Problem);
        await site["b"].Happened<EdgeEvent.ChannelCommitted>(c => c.Position["a"] == 2_000 && c.Position["b"] == 2_000);
        var outputs = site["a"].Received.On("out").Concat(site["b"].Received.On("out")).ToList();
        Assert.Equal(Enumerable.Range(1, 4_000).Select(i => $"{i}"), outputs.Select(Text));
        Assert.Equal(Ids(2_000, 2_000), outputs.Select(m => m.MessageId).Order());
        await site["a"].Log.Trimmed(2_000);
    }

    [Fact]
    public async Task A_channel_that_goes_back_and_forth_under_load_counts_every_reading_once()
    {
        const int moves = 8, each = 400, ofA = moves * (each + 1), ofB = moves * each;
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA, "a", "b");
        var (owner, next, sending) = (OnA, "b", new List<Task>());
        for (var move = 1; move <= moves; move++)
        {
            sending.AddRange([SendAsync(site["a"], each), SendAsync(site["b"], each)]);
            Assert.Null(Assert.Single((await site.ApplyAsync(owner.Node, owner with { MovingTo = next })).Released).Problem);
            var placed = new ChannelOwner(next, TestSite.At((ulong)move + 1)) { Standby = owner.Node };
            // The former owner hears of it before or after the next one.
            var before = site[next].Received.Messages.Count;
            await site.ApplyAsync(move % 2 == 0 ? next : owner.Node, placed);
            await site.ApplyAsync(move % 2 == 0 ? owner.Node : next, placed);
            // It moves on in the middle of its work, not before it has begun.
            site["a"].Send("m");
            await site[next].Received.Until($"outputs of move {move}", all => all.Count > before);
            (owner, next) = (placed, owner.Node);
        }

        await Task.WhenAll(sending);
        await site[owner.Node].Happened<EdgeEvent>(e => (e is EdgeEvent.ChannelCommitted c ? c.Position : e is EdgeEvent.ChannelStarted s ? s.Position : Position.Start) is var p && p["a"] == ofA && p["b"] == ofB);
        var outputs = site["a"].Received.On("out").Concat(site["b"].Received.On("out")).ToList();
        Assert.Equal(Enumerable.Range(1, ofA + ofB), outputs.Select(m => int.Parse(Text(m), CultureInfo.InvariantCulture)).Order());
        Assert.Equal(Ids(ofA, ofB), outputs.Select(m => m.MessageId).Order());
    }

    [Fact]
    public async Task A_channel_whose_node_drops_goes_on_from_the_copy_counts_once_and_gets_the_rest_when_the_disk_returns()
    {
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA, "a", "b");
        await Task.WhenAll(SendAsync(site["a"], 500), SendAsync(site["b"], 500));
        await site["a"].Happened<EdgeEvent.ChannelCopied>(c => c.Position["a"] == 500 && c.Position["b"] == 500);
        // From here on nothing is committed, so nothing is copied, but outputs leave.
        site["a"].Forget();
        await Task.WhenAll(SendAsync(site["a"], 500), SendAsync(site["b"], 500));
        await site["a"].Received.Count("out", 2_000);
        var first = site["a"].Received.On("out");

        await site.DropAsync("a");
        await SendAsync(site["b"], 500);
        await site.ApplyAsync("b", OnB);

        // What survives: the copy, and all that b took in.
        await site["b"].Happened<EdgeEvent.ChannelCommitted>(c => c.Position["b"] == 1_500);
        Assert.Equal("2000", Text(site["b"].Received.On("out")[^1]));
        Assert.Contains("delayed", (await site["b"].Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.Degraded)).Reason, StringComparison.Ordinal);

        await site.ReturnAsync("a", OnB);
        await site["b"].Happened<EdgeEvent.ChannelCommitted>(c => c.Position["a"] == 1_000);
        Assert.Equal("2500", Text(site["b"].Received.On("out")[^1]));
        Assert.Equal(Ids(1_000, 1_500), first.Concat(site["b"].Received.On("out")).Select(m => m.MessageId).Distinct().Order());
    }

    [Fact]
    public async Task An_owner_that_was_replaced_is_refused_everywhere_and_stops()
    {
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA with { Standby = "" }, "a", "b");
        site["b"].Send("m");
        await site["a"].Received.Count("out", 1);

        await site.ApplyAsync("b", OnB);

        var ended = await site["a"].Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.Failed);
        Assert.Contains("epoch 1.2", ended.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_keep_what_the_standby_does_not_have_and_let_go_when_it_does()
    {
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA, "a", "b");
        await site.CutAsync("b");
        for (var i = 0; i < 10; i++) site["a"].Send("m");
        await site["a"].Committed(10);
        var degraded = await site["a"].Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.Degraded && h.Reason!.Contains("standby", StringComparison.Ordinal));
        // The intake gives this one after it has heard of the commit.
        site["a"].Send("m");
        await site["a"].Received.Count("out", 11);
        site["a"].System.Intake.Trim();

        Assert.Contains("'b'", degraded.Reason, StringComparison.Ordinal);
        Assert.Equal(11, site["a"].Log.Read(0, 100).Count);

        await site.ReturnAsync("b", OnA);
        await site["a"].Log.Trimmed(10);
    }

    [Fact]
    public async Task A_channel_that_cannot_hand_over_its_last_state_says_so_and_the_next_owner_goes_on_from_the_copy_before()
    {
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA, "a", "b");
        site["a"].Send("m");
        await site["a"].Happened<EdgeEvent.ChannelCopied>(c => c.Position["a"] == 1);
        await site.CutAsync("b");
        site["a"].Send("m");
        await site["a"].Committed(2);

        var released = Assert.Single((await site.ApplyAsync("a", OnA with { MovingTo = "b" })).Released);

        Assert.Contains("'b'", released.Problem, StringComparison.Ordinal);
        Assert.Equal(2, released.Position["a"]);
    }

    [Fact]
    public async Task A_channel_whose_module_is_refused_here_takes_its_state_to_a_node_where_it_is_not()
    {
        await using var site = await TestSite.StartAsync(TestNode.Counting(), OnA with { Standby = "" }, "a", "b");
        await SendAsync(site["a"], 7);
        await site["a"].Committed(7);
        await site.CutAsync("a");
        await site.ReturnAsync("a", OnA with { Standby = "" }, [TestNode.Module("Channels/Counter.wat", "count") with { File = "/nowhere/Counter.wasm" }]);
        await site["a"].Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.Failed);

        var released = Assert.Single((await site.ApplyAsync("a", OnA with { MovingTo = "b" })).Released);
        await site.ApplyAsync("b", OnB);
        await SendAsync(site["b"], 1);

        Assert.Null(released.Problem);
        await site["b"].Received.Count("out", 1);
        Assert.Equal("8", Text(site["b"].Received.On("out")[0]));
    }

    [Fact]
    public async Task Keys_that_live_on_the_disk_only_move_too()
    {
        var keyed = TestNode.Counting() with { Key = new() { TopicLevel = 1 }, MaxLiveKeys = 2 };
        await using var site = await TestSite.StartAsync(keyed, OnA, "a", "b");
        for (var key = 0; key < 30; key++) site["a"].Send("m", topic: $"in/{key}");
        await site["a"].Received.Count("out", 30);

        await site.ApplyAsync("a", OnA with { MovingTo = "b" });
        await site.ApplyAsync("b", OnB);
        for (var key = 0; key < 30; key++) site["b"].Send("m", topic: $"in/{key}");

        await site["b"].Received.Count("out", 30);
        Assert.All(site["b"].Received.TextsOn("out"), text => Assert.Equal("2", text));
    }

    private static Task SendAsync(TestNode node, int count) => Task.Run(() =>
    {
        for (var i = 0; i < count; i++) node.Send("m");
    });

    private static string Text(OutboundMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    private static IEnumerable<string> Ids(int ofA, int ofB) =>
        Enumerable.Range(1, ofA).Select(i => $"default/channel//a:{i}.1").Concat(Enumerable.Range(1, ofB).Select(i => $"default/channel//b:{i}.1")).Order();
}
