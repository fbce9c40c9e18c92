using System.Diagnostics;

namespace Edge.Bench.Start;

/// <summary>How soon a node does its job, and what it costs while nothing happens. The peer is the goal.</summary>
internal static class StartBench
{
    private const int Starts = 5;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3), Idle = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var seconds = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            await using var node = await NodeProcess.StartAsync(Manifests());
            seconds.Add(await FirstMessageAsync(node));
        }
        seconds.Sort();

        await using var idle = await NodeProcess.StartAsync(Manifests());
        await FirstMessageAsync(idle);
        await Task.Delay(Settle);
        var (cpu, since) = (Processes.CpuSeconds(idle.Id), Stopwatch.GetTimestamp());
        await Task.Delay(Idle);
        var percent = 100 * (Processes.CpuSeconds(idle.Id) - cpu) / Stopwatch.GetElapsedTime(since).TotalSeconds;
        return
        [
            new("first_message_s", "s", seconds[Starts / 2], 1.0, "goal", "ours <= 1.0"),
            new("idle_rss_mb", "MB", Processes.ResidentMb(idle.Id), 100, "goal", "ours <= 100"),
            new("idle_cpu_percent", "%", percent, 1, "goal, of one core", "ours <= 1"),
            new("idle_pss_mb", "MB", Processes.ProportionalMb(idle.Id), null, "none: shared pages count by share", null),
        ];
    }

    // From making the process until a message has gone in, through the module and out.
    private static async Task<double> FirstMessageAsync(NodeProcess node)
    {
        using var client = await FirstMessage.ExchangeAsync(node.Mqtt);
        return Stopwatch.GetElapsedTime(node.Started).TotalSeconds;
    }

    private static string Manifests() => SourceTree.File("bench", "Pipeline", "pipeline.yaml");
}
