using System.Diagnostics;

namespace Edge.Bench;

/// <summary>Times a piece of work over rounds and takes the median: other work on the machine then moves it little.</summary>
internal static class Rounds
{
    // The runtime replaces its first, slow code 100 ms after the last method was first compiled, in two steps; a node spends its life after both.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Median nanoseconds of one run of managed work, which repeats it <paramref name="repeats"/> times in each round, warmed up first.</summary>
    public static double MedianNs(int rounds, int repeats, Action<int> work)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < WarmUp) work(repeats);
        return ColdMedianNs(rounds, repeats, work);
    }

    /// <summary>The same without warming up, for work that is nearly all native.</summary>
    public static double ColdMedianNs(int rounds, int repeats, Action<int> work)
    {
        var times = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            work(repeats);
            times[round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
        }
        Array.Sort(times);
        return times[rounds / 2];
    }
}
