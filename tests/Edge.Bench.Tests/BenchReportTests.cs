using System.Diagnostics;
using System.Text.Json;

namespace Edge.Bench.Tests;

/// <summary>The shape of a benchmark's report, from a real run of the shortest one. No figure is judged here: a test machine is busy.</summary>
public sealed class BenchReportTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task A_report_has_the_rows_that_were_promised()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("edge-test-").FullName, "calls.json");

        var (exitCode, said) = await RunAsync("calls", "--json", file);

        Assert.True(exitCode == 0, said);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(["name", "machine", "rows"], report.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("calls", report.RootElement.GetProperty("name").GetString());
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["typed_call", "callback", "bytes_1k"], rows.Select(row => row.GetProperty("id").GetString()));
        Assert.All(rows, row =>
        {
            Assert.Equal(["id", "unit", "ours", "peer", "peerName", "ratio", "goal"], row.EnumerateObject().Select(p => p.Name));
            Assert.True(row.GetProperty("ours").GetDouble() > 0);
            if (row.GetProperty("peer").ValueKind == JsonValueKind.Number)
                Assert.Equal(row.GetProperty("ours").GetDouble() / row.GetProperty("peer").GetDouble(), row.GetProperty("ratio").GetDouble(), tolerance: 1e-3);
        });
    }

    [Fact]
    public async Task An_unknown_benchmark_is_answered_with_the_known_ones()
    {
        var (exitCode, said) = await RunAsync("cals");

        Assert.Equal(2, exitCode);
        Assert.Contains("calls, instances, fir, pipeline, start, grains, failover", said);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        var folders = new DirectoryInfo(AppContext.BaseDirectory);
        var bench = Path.Combine(folders.Parent!.Parent!.FullName, "Edge.Bench", folders.Name, "Edge.Bench");
        using var process = Process.Start(new ProcessStartInfo(bench, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output + await errors);
    }
}
