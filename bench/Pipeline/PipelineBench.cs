using System.Globalization;

namespace Edge.Bench.Pipeline;

/// <summary>MQTT in, the mean of 32, MQTT out: our node as a process beside Node-RED on mosquitto, one after the other under the same load.</summary>
internal static class PipelineBench
{
    private const string PeerName = "Node-RED on mosquitto";
    private const int Seconds = 5;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        Figures ours;
        await using (var node = await NodeProcess.StartAsync(SourceTree.File("bench", "Pipeline", "pipeline.yaml")))
            ours = await MeasureAsync(node.Mqtt.Port, () => Processes.ResidentMb(node.Id));
        if (ours.Problem is not null) throw new BenchException(ours.Problem);

        var (peer, missing) = await PeerAsync();
        var name = missing is null ? PeerName : $"{PeerName}: {missing}";
        return
        [
            new("rate_q0", "msg/s", ours.RateQ0, peer.RateQ0, name, "ratio >= 1.5"),
            new("rate_q1", "msg/s", ours.RateQ1, peer.RateQ1, name, "ratio >= 1.5"),
            new("p99_5k_q0", "ms", ours.P99, peer.P99, name, null),
            new("rss", "MB", ours.ResidentMb, peer.ResidentMb, name, null),
        ];
    }

    private static async Task<(Figures Figures, string? Missing)> PeerAsync()
    {
        var (running, missing) = await NodeRed.StartAsync();
        if (running is null) return (default, missing);
        using (running)
        {
            var figures = await MeasureAsync(running.Port, () => running.ResidentMb);
            return (figures, figures.Problem);
        }
    }

    private static async Task<Figures> MeasureAsync(int port, Func<double> residentMb)
    {
        if (!await AnswersAsync(port)) return new Figures(null, null, null, null, "nothing came back within 30 s");
        var q0 = await LoadAsync(port, qos: 0, Seconds, rate: 0);
        var q1 = await LoadAsync(port, qos: 1, Seconds, rate: 0);
        var paced = await LoadAsync(port, qos: 0, Seconds, rate: 5_000);
        var problem = q0.Missing ?? q1.Missing ?? paced.Missing
            ?? (q1["lost"] is > 0 and var lost ? $"{lost} messages were lost at QoS 1" : null);
        return new Figures(q0["rate"], q1["rate"], paced["p99_ms"], residentMb(), problem);
    }

    // Also warms both sides up.
    private static async Task<bool> AnswersAsync(int port)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            if ((await LoadAsync(port, qos: 0, seconds: 1, rate: 200))["rate"] is > 0) return true;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        return false;
    }

    private static Task<PeerProgram.Outcome> LoadAsync(int port, int qos, int seconds, int rate) => PeerProgram.RunCAsync(
        "pipeload.c", "-O2", $"{port}", $"{qos}", seconds.ToString(CultureInfo.InvariantCulture), $"{rate}", $"in{qos}/a", $"out{qos}/a");

    private readonly record struct Figures(double? RateQ0, double? RateQ1, double? P99, double? ResidentMb, string? Problem);
}
