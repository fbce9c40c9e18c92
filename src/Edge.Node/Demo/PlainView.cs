using System.Globalization;

namespace Edge.Node.Demo;

/// <summary>A line a second, for pipes, logs and <c>--headless</c>.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider time) : IMonitorView
{
    /// <inheritdoc/>
    public async Task ShowAsync(EcgMonitor monitor, CancellationToken stop)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await second.WaitForNextTickAsync(stop)) await output.WriteLineAsync(Line(monitor.Read()));
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync(Line(monitor.Read()));
        }
    }

    /// <summary>One reading as a line.</summary>
    public static string Line(MonitorReading reading) => string.Create(
        CultureInfo.InvariantCulture,
        $"{reading.SignalSeconds,6:0.0} s  heart rate {Rate(reading)}  beats {reading.Beats}  rhythm {RhythmWord(reading.Rhythm)}  {reading.SamplesPerSecond:0} samples/s  latency p50 {Milliseconds(reading.LatencyP50)} p99 {Milliseconds(reading.LatencyP99)}  under way {reading.Missing}");

    /// <summary>Beats a minute, or a dash.</summary>
    public static string Rate(MonitorReading reading) => reading.HeartRate > 0 ? reading.HeartRate.ToString("0", CultureInfo.InvariantCulture) : "–";

    /// <summary>The flag in a word, or a dash.</summary>
    public static string RhythmWord(Rhythm? rhythm) => rhythm is { } known ? known.ToString().ToLowerInvariant() : "–";

    /// <summary>A latency with its unit, or a dash.</summary>
    public static string Milliseconds(TimeSpan? latency) =>
        latency is { } known ? known.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms" : "–";
}
