using System.Diagnostics;

namespace Edge.Bench.Grains;

/// <summary>Closed-loop load: so many callers, each waiting for its answer before it asks the next actor.</summary>
internal static class GrainLoad
{
    /// <summary>Actors that are asked in turn.</summary>
    public const int Actors = 64;

    private const int SamplesMax = 200_000;

    /// <summary>Runs one round.</summary>
    /// <exception cref="BenchException">An answer is wrong.</exception>
    public static async Task<GrainRound> RunAsync(Func<int, long, Task<long>> ask, int callers, TimeSpan duration)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var results = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(ask, caller, callers, clock, duration))));
        var seconds = clock.Elapsed.TotalSeconds;
        var times = results.SelectMany(r => r.Times).Order().ToArray();
        var count = results.Sum(r => r.Count);
        return new(count / seconds, Microseconds(times, 0.5), Microseconds(times, 0.99), (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count);
    }

    // The first calls of each caller are timed one by one, so that a fast run does not fill the memory.
    private static async Task<(long Count, List<long> Times)> CallAsync(Func<int, long, Task<long>> ask, int caller, int callers, Stopwatch clock, TimeSpan duration)
    {
        var times = new List<long>();
        long count = 0;
        for (; clock.Elapsed < duration; count++)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await ask((int)((caller + (count * callers)) % Actors), count);
            if (answer != count + 1) throw new BenchException($"An actor answered {answer} to {count}.");
            if (times.Count < SamplesMax / callers) times.Add(Stopwatch.GetTimestamp() - began);
        }
        return (count, times);
    }

    private static double Microseconds(long[] times, double quantile) =>
        times.Length == 0 ? 0 : times[(int)((times.Length - 1) * quantile)] * 1e6 / Stopwatch.Frequency;
}

/// <summary>What a round gave.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="P50">Median time of a call, µs.</param>
/// <param name="P99">99th percentile, µs.</param>
/// <param name="Cpu">Processor time of this process for a call, µs: what stays comparable on a busy machine.</param>
internal readonly record struct GrainRound(double Rate, double P50, double P99, double Cpu);
