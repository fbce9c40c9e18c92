using System.Text;
using System.Text.Json;
using Edge.Actors.Channels;
using Edge.Actors.Diagnostics;

namespace Edge.Actors.Tests.Channels;

public sealed class SensorChannelTests
{
    [Fact]
    public async Task Each_reading_makes_one_call_and_one_output_in_order()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        for (var i = 0; i < 2_000; i++) node.Send("m", qos: (byte)(i % 3));

        await node.Received.Count("out", 2_000);

        Assert.Equal(Enumerable.Range(1, 2_000).Select(i => $"{i}"), node.Received.TextsOn("out"));
        Assert.Equal(2_000, node.Received.On("out").Select(m => m.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task After_a_drain_and_a_restart_the_count_goes_on()
    {
        await using var first = await TestNode.StartAsync([TestNode.Counting()]);
        for (var i = 0; i < 10; i++) first.Send("m");
        Assert.True(await first.System.DrainAsync(TestNode.Patience));
        await first.System.StopAsync(TestNode.Patience);

        await using var second = await TestNode.StartAsync([TestNode.Counting()], disksOf: first);
        second.Send("m");

        await second.Received.Count("out", 1);
        Assert.Equal(["11"], second.Received.TextsOn("out"));
        Assert.Equal("default/channel//local:11.1", second.Received.Messages[0].MessageId);
    }

    [Fact]
    public async Task A_drain_waits_for_a_channel_that_is_still_starting()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        node.Send("m", qos: 0);

        Assert.True(await node.System.DrainAsync(TestNode.Patience));

        Assert.Equal(["1"], node.Received.TextsOn("out"));
    }

    [Fact]
    public async Task After_a_crash_readings_since_the_commit_come_again_with_the_same_ids_and_count_once()
    {
        await using var first = await TestNode.StartAsync([TestNode.Counting()]);
        for (var i = 0; i < 5; i++) first.Send("m");
        await first.Committed(5);
        first.Forget();
        for (var i = 0; i < 3; i++) first.Send("m");
        await first.Received.Count("out", 8);
        await first.System.StopAsync(TestNode.Patience);
        first.Store.Full = false;

        await using var second = await TestNode.StartAsync([TestNode.Counting()], disksOf: first);
        second.Send("m");

        await second.Received.Count("out", 4);
        Assert.Equal(["6", "7", "8", "9"], second.Received.TextsOn("out"));
        Assert.Equal(first.Received.On("out").Skip(5).Select(m => m.MessageId), second.Received.On("out").Take(3).Select(m => m.MessageId));
    }

    [Fact]
    public async Task One_message_in_a_hundred_that_traps_goes_to_the_dead_letters_and_the_rest_goes_on()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        for (var i = 1; i <= 3_000; i++) node.Send(i % 100 == 0 ? $"X{i}" : "m");

        await node.Received.Count("out", 2_970);
        await node.Received.Count("dead", 30);

        Assert.Equal(Enumerable.Range(1, 2_970).Select(i => $"{i}"), node.Received.TextsOn("out"));
        var letter = JsonDocument.Parse(node.Received.TextsOn("dead")[0]).RootElement;
        Assert.Equal("poison", letter.GetProperty("reason").GetString());
        Assert.Equal("X100", Encoding.UTF8.GetString(letter.GetProperty("payload").GetBytesFromBase64()));
        Assert.Equal(30, node.Status.Counts.Dropped["poison"]);
    }

    [Fact]
    public async Task A_module_that_only_faults_backs_off_and_shows_it_and_the_node_lives()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        for (var i = 0; i < 6; i++) node.Send("X");

        var health = await node.Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.BackingOff);
        Assert.Contains("faulted", health.Reason, StringComparison.Ordinal);
        await node.Happened<EdgeEvent.ModuleHealthChanged>(m => m.State is Actors.Modules.ModuleState.BackingOff or Actors.Modules.ModuleState.Degraded);

        node.Send("m");
        await node.Received.Count("dead", 6);
        await node.Received.Count("out", 1);
        Assert.Equal(["1"], node.Received.TextsOn("out"));
    }

    [Fact]
    public async Task An_error_of_the_guest_drops_the_message_and_keeps_the_instance()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        foreach (var payload in new[] { "m", "E", "m" }) node.Send(payload);

        await node.Received.Count("out", 2);

        Assert.Equal(["1", "2"], node.Received.TextsOn("out"));
        Assert.Equal(1, node.Status.Counts.Dropped["guest_error"]);
        Assert.False(node.Status.Counts.Dropped.ContainsKey("poison"));
    }

    [Fact]
    public async Task A_topic_can_feed_two_channels()
    {
        var other = TestNode.Counting() with { Id = TestNode.Channel("other"), Topic = "in/+", Ports = Ports("out2") };
        await using var node = await TestNode.StartAsync([TestNode.Counting(), other]);
        for (var i = 0; i < 10; i++) node.Send("m");

        await node.Received.Count("out", 10);
        await node.Received.Count("out2", 10);
    }

    [Fact]
    public async Task Keys_past_maxLiveKeys_are_evicted_and_come_back_with_their_state()
    {
        var keyed = TestNode.Counting() with { Key = new() { TopicLevel = 1 }, MaxLiveKeys = 2, Ports = Ports("out/{key}") };
        await using var node = await TestNode.StartAsync([keyed]);
        for (var round = 0; round < 3; round++)
        {
            foreach (var key in new[] { "a", "b", "c", "d" }) node.Send("m", topic: $"in/{key}");
        }

        foreach (var key in new[] { "a", "b", "c", "d" })
        {
            await node.Received.Count($"out/{key}", 3);
            Assert.Equal(["1", "2", "3"], node.Received.TextsOn($"out/{key}"));
        }

        Assert.True(node.Status.LiveKeys <= 2, $"{node.Status.LiveKeys} live keys");
    }

    [Fact]
    public async Task A_full_disk_degrades_the_channel_keeps_it_going_and_keeps_the_log()
    {
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        node.Store.Full = true;
        for (var i = 0; i < 10; i++) node.Send("m");
        await node.Received.Count("out", 10);
        await node.Happened<EdgeEvent.CommitFailed>(c => c.Reason.Contains("No space", StringComparison.Ordinal));

        Assert.Equal(ChannelState.Degraded, node.Status.State);
        Assert.Equal(1, node.Log.First);

        node.Store.Full = false;
        await node.Committed(10);
        await node.Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.Running);
    }

    [Fact]
    public async Task A_channel_that_lags_past_its_bound_catches_up_from_the_log_and_loses_nothing()
    {
        var small = TestNode.Counting() with { Queue = new() { Max = 8 } };
        await using var node = await TestNode.StartAsync([small]);
        for (var i = 0; i < 5_000; i++) node.Send("m");

        await node.Received.Count("out", 5_000);

        Assert.Equal(Enumerable.Range(1, 5_000).Select(i => $"{i}"), node.Received.TextsOn("out"));
    }

    [Fact]
    public async Task Blocks_are_cut_by_count_and_an_open_block_survives_a_restart()
    {
        await using var first = await TestNode.StartAsync([TestNode.Blocking()]);
        foreach (var payload in new[] { "[1,2,3]", "[4,5]", "6" }) first.Send(payload);
        await first.Received.Count("samples", 1);
        await first.System.StopAsync(TestNode.Patience);

        await using var second = await TestNode.StartAsync([TestNode.Blocking()], disksOf: first);
        second.Send("[7,8,9]");

        await second.Received.Count("samples", 1);
        Assert.Equal(["1,2,3,4"], first.Received.TextsOn("samples"));
        Assert.Equal(["5,6,7,8"], second.Received.TextsOn("samples"));
        Assert.Equal(4, BitConverter.ToInt64(second.Received.On("headers")[0].Payload.Span[24..]));
        Assert.Equal(0u, BitConverter.ToUInt32(second.Received.On("headers")[0].Payload.Span[20..]));
    }

    [Fact]
    public async Task A_block_that_traps_is_left_out_and_the_next_one_is_flagged_as_a_gap()
    {
        await using var node = await TestNode.StartAsync([TestNode.Blocking()]);
        foreach (var payload in new[] { "[1,2,3,4]", "[666,6,7]", "[8,9,10,11,12]" }) node.Send(payload);

        await node.Received.Count("samples", 2);

        Assert.Equal(["1,2,3,4", "9,10,11,12"], node.Received.TextsOn("samples"));
        Assert.Equal(1u, BitConverter.ToUInt32(node.Received.On("headers")[1].Payload.Span[20..]) & 1u);
        Assert.Single(node.Received.On("dead"));
    }

    [Theory]
    [InlineData("soup", "soup")]
    [InlineData("NaN", "NaN")]
    [InlineData("1e60", "f32")]
    [InlineData("\"4\"", "4")]
    [InlineData("[]", "no sample")]
    public async Task A_payload_that_is_no_number_is_dead_lettered_with_its_reason_and_the_rest_goes_on(string bad, string said)
    {
        await using var node = await TestNode.StartAsync([TestNode.Blocking() with { Block = new() { Count = 1 } }]);
        foreach (var payload in new[] { "1", bad, "2" }) node.Send(payload);

        await node.Received.Count("samples", 2);
        await node.Received.Count("dead", 1);

        Assert.Equal(["1", "2"], node.Received.TextsOn("samples"));
        var letter = JsonDocument.Parse(node.Received.TextsOn("dead")[0]).RootElement;
        Assert.Equal("malformed", letter.GetProperty("reason").GetString());
        Assert.Contains(said, letter.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_clock_that_steps_back_an_hour_loses_nothing()
    {
        const long Noon = 1_700_000_000_000_000, Hour = 3_600_000_000;
        await using var node = await TestNode.StartAsync([TestNode.Blocking() with { Block = new() { Count = 1 } }]);
        node.Send("1", arrivalUs: Noon);
        node.Send("2", arrivalUs: Noon - Hour);
        node.Send("3", arrivalUs: Noon - Hour + 1);

        await node.Received.Count("samples", 3);

        Assert.Equal(["1", "2", "3"], node.Received.TextsOn("samples"));
        Assert.Equal([2u, 1u, 0u], node.Received.On("headers").Select(h => BitConverter.ToUInt32(h.Payload.Span[20..])));
    }

    [Fact]
    public async Task Duplicates_by_sequence_number_are_counted_and_not_processed_also_across_a_restart()
    {
        var numbered = TestNode.Counting() with { Sequence = new() { Path = "n" } };
        await using var first = await TestNode.StartAsync([numbered]);
        foreach (var n in new[] { 1, 2, 2, 1, 3 }) first.Send($"{{\"n\":{n}}}");
        await first.Received.Count("out", 3);
        await first.System.StopAsync(TestNode.Patience);

        await using var second = await TestNode.StartAsync([numbered], disksOf: first);
        foreach (var n in new[] { 3, 4 }) second.Send($"{{\"n\":{n}}}");

        await second.Received.Count("out", 1);
        Assert.Equal(["4"], second.Received.TextsOn("out"));
        Assert.Equal(1, second.Status.Counts.Dropped["duplicate"]);
    }

    [Fact]
    public async Task A_module_that_is_missing_is_refused_by_name_and_its_readings_stay_in_the_log()
    {
        var missing = TestNode.Module("Channels/Counter.wat", "count") with { File = "/nowhere/Counter.wasm" };
        await using var node = await TestNode.StartAsync([TestNode.Counting()], modules: [missing]);
        var refused = await node.Happened<EdgeEvent.ModuleRefused>();
        await node.Happened<EdgeEvent.ChannelHealthChanged>(h => h.State == ChannelState.Failed);
        node.Send("m");

        Assert.Contains("/nowhere/Counter.wasm", refused.Reasons[0], StringComparison.Ordinal);
        Assert.Contains(node.System.Status.Problems, p => p.Contains("Counter", StringComparison.Ordinal));
        Assert.Single(node.Log.Read(0, 10));
    }

    [Fact]
    public async Task Spans_go_from_the_producer_through_the_call_to_the_output()
    {
        var spans = new System.Collections.Concurrent.ConcurrentBag<System.Diagnostics.Activity>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == "Edge",
            Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        await using var node = await TestNode.StartAsync([TestNode.Counting()]);
        node.Send("m", traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        await node.Received.Count("out", 1);

        var call = spans.Single(s => s.TraceId.ToString() == "0af7651916cd43dd8448eb211c80319c" && s.OperationName == "module call");
        Assert.Equal("b7ad6b7169203331", spans.Single(s => s.SpanId == call.ParentSpanId).ParentSpanId.ToString());
        Assert.Equal(call.Id, node.Received.On("out")[0].TraceParent);
    }

    private static Dictionary<string, PortSpec> Ports(string topic) =>
        new() { ["count"] = new() { Topic = topic, Format = PortFormat.Csv, Type = Wasm.Instances.SampleType.I32 } };
}
