using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Edge.Node.Tests.Demo;

/// <summary>The main job as a newcomer runs it: a real process with a real node inside, on the whole record.</summary>
public sealed partial class DemoCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task The_demo_finds_the_heartbeats_and_loses_nothing()
    {
        var expected = ReferenceBeatDetector.Find(SampleRecord.Millivolts(), SampleRecord.RateHz).Count;

        var ended = await RunAsync("demo", "--headless", "--speed", "60");

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
        using var demo = Start("demo", "--headless", "--loop");
        var line = await FirstAsync(demo, "latency p50");

        using (var interrupt = Process.Start("kill", ["-INT", $"{demo.Id}"])) await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        var ended = await EndAsync(demo);

        Assert.True(ended.ExitCode == 0, line + ended);
        Assert.EndsWith("lost 0", ended.Output.TrimEnd());
    }

    [Fact]
    public async Task Without_the_broker_that_was_named_it_says_so_and_fails()
    {
        var port = FreePort.Take();

        var ended = await RunAsync("demo", "--headless", "--broker", $"127.0.0.1:{port}");

        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith($"edge demo: No MQTT broker answered at 127.0.0.1:{port}: Connection refused.", ended.Errors);
    }

    [Theory]
    [InlineData("--speed is '0'; allowed: a number from 0.1 to 1000", "--speed", "0")]
    [InlineData("--broker is 'nowhere'; allowed: HOST:PORT", "--broker", "nowhere")]
    public async Task Bad_usage_is_answered_before_anything_starts(string said, params string[] options)
    {
        var ended = await RunAsync(["demo", .. options]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(said, ended.Errors);
    }

    private static async Task<Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await EndAsync(process);
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "edge"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<string> FirstAsync(Process process, string part)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        throw new InvalidOperationException($"The process ended without a line with '{part}': {await process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    private static async Task<Ended> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Ended(process.ExitCode, output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"'edge {string.Join(' ', process.StartInfo.ArgumentList)}' did not end within {Limit.TotalSeconds} s.");
        }
    }

    [GeneratedRegex(@"^beats (?<beats>\d+) in (?<seconds>[\d.]+) s of signal, lost (?<lost>\d+)$")]
    private static partial Regex SummaryLine();

    private sealed record Ended(int ExitCode, string Output, string Errors);
}
