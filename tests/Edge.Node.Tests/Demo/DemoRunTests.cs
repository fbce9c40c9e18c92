using Edge.Node.Demo;

namespace Edge.Node.Tests.Demo;

/// <summary>The player and its book-keeping, against a stand-in that misbehaves on purpose. The real node is in <c>DemoCommandTests</c>.</summary>
public sealed class DemoRunTests
{
    private static readonly EcgRecord TenSeconds = new([.. Enumerable.Repeat((short)1024, 3_600)]);

    [Fact]
    public async Task Counts_every_sample_and_beat_once_when_all_come_back()
    {
        await using var node = await StandInNode.StartAsync(copies: _ => 1);

        var end = await PlayAsync(node.Port);

        Assert.Equal("beats 15 in 10 s of signal, lost 0", DemoRun.Summary(end));
        Assert.Null(DemoRun.Complaint(end));
        Assert.NotNull(end.LatencyP99);
        Assert.Equal(72, end.HeartRate);
    }

    [Fact]
    public async Task A_second_copy_of_an_output_is_not_counted()
    {
        await using var node = await StandInNode.StartAsync(copies: _ => 2);

        var end = await PlayAsync(node.Port);

        Assert.Equal("beats 15 in 10 s of signal, lost 0", DemoRun.Summary(end));
    }

    [Fact]
    public async Task A_sample_that_never_comes_back_is_lost_and_complained_about()
    {
        await using var node = await StandInNode.StartAsync(copies: message => message is 7 or 100 ? 0 : 1);

        var end = await PlayAsync(node.Port);

        Assert.Equal("beats 15 in 10 s of signal, lost 24", DemoRun.Summary(end));
        Assert.StartsWith("24 of 3600 samples did not come back", DemoRun.Complaint(end));
    }

    [Fact]
    public async Task A_node_that_answers_nothing_is_complained_about()
    {
        await using var node = await StandInNode.StartAsync(copies: _ => 0);

        var end = await PlayAsync(node.Port);

        Assert.StartsWith("The node took 3600 samples and sent nothing to 'demo/ecg/filtered'", DemoRun.Complaint(end));
    }

    [Fact]
    public async Task Without_a_broker_it_says_where_nobody_answered()
    {
        var port = FreePort.Take();

        var wrong = await Assert.ThrowsAsync<DemoException>(() => PlayAsync(port));

        Assert.StartsWith($"No MQTT broker answered at 127.0.0.1:{port}: Connection refused.", wrong.Message);
    }

    [Fact]
    public async Task A_node_that_goes_away_in_the_middle_is_named()
    {
        StandInNode? node = null;
        node = await StandInNode.StartAsync(copies: message =>
        {
            if (message == 50) _ = node!.DisposeAsync().AsTask();
            return 1;
        });

        var wrong = await Assert.ThrowsAsync<DemoException>(() => PlayAsync(node.Port, speed: 10));

        Assert.Matches($"The connection to 127.0.0.1:{node.Port} (was lost|broke)", wrong.Message);
    }

    [Fact]
    public async Task Stopping_it_early_still_accounts_for_what_was_sent()
    {
        using var stop = new CancellationTokenSource();
        await using var node = await StandInNode.StartAsync(copies: message =>
        {
            if (message == 50) stop.Cancel();
            return 1;
        });

        var end = await PlayAsync(node.Port, speed: 10, loop: true, stop);

        Assert.InRange(end.SignalSeconds, 51 / 30.0, 10);
        Assert.Equal(0, end.Missing);
    }

    private static Task<MonitorReading> PlayAsync(int port, double speed = 60, bool loop = false, CancellationTokenSource? stop = null) =>
        new DemoRun("127.0.0.1", port, TenSeconds, new PlainView(TextWriter.Null, TimeProvider.System), TimeProvider.System)
            .PlayAsync(new DemoOptions(speed, loop) { Patience = TimeSpan.FromSeconds(2) }, stop?.Token ?? TestContext.Current.CancellationToken);
}
