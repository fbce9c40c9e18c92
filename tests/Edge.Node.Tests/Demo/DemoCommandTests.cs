using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Edge.Node.Tests.Demo;

/// <summary>The main job as a newcomer runs it: a real process with a real node inside, on the whole record.</summary>
public sealed partial class DemoCommandTests
{
    [Fact]
    public async Task The_demo_finds_the_heartbeats_and_loses_nothing()
    {
        var expected = ReferenceBeatDetector.Find(SampleRecord.Millivolts(), SampleRecord.RateHz).Count;

        var ended = await DemoProcess.RunAsync("demo", "--headless", "--speed", "60");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        var summary = SummaryLine().Match(ended.Output.TrimEnd().Split('\n')[^1]);
        Assert.True(summary.Success, ended.ToString());
        Assert.Equal("300", summary.Groups["seconds"].Value);
        Assert.Equal("0", summary.Groups["lost"].Value);
        Assert.InRange(int.Parse(summary.Groups["beats"].Value, CultureInfo.InvariantCulture), expected * 0.97, expected * 1.03);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_the_summary()
    {
        using var demo = DemoProcess.Start("demo", "--headless", "--loop");
        var line = await DemoProcess.FirstAsync(demo, "latency p50");

        using (var interrupt = Process.Start("kill", ["-INT", $"{demo.Id}"])) await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        var ended = await DemoProcess.EndAsync(demo);

        Assert.True(ended.ExitCode == 0, line + ended);
        Assert.EndsWith("lost 0", ended.Output.TrimEnd());
    }

    [Fact]
    public async Task Without_the_broker_that_was_named_it_says_so_and_fails()
    {
        var port = FreePort.Take();

        var ended = await DemoProcess.RunAsync("demo", "--headless", "--broker", $"127.0.0.1:{port}");

        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith($"edge demo: No MQTT broker answered at 127.0.0.1:{port}: Connection refused.", ended.Errors);
    }

    [Theory]
    [InlineData("--speed is '0'; allowed: a number from 0.1 to 1000", "--speed", "0")]
    [InlineData("--broker is 'nowhere'; allowed: HOST:PORT", "--broker", "nowhere")]
    public async Task Bad_usage_is_answered_before_anything_starts(string said, params string[] options)
    {
        var ended = await DemoProcess.RunAsync(["demo", .. options]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(said, ended.Errors);
    }

    [GeneratedRegex(@"^beats (?<beats>\d+) in (?<seconds>[\d.]+) s of signal, lost (?<lost>\d+)$")]
    private static partial Regex SummaryLine();
}
