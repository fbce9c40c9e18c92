using System.Diagnostics;

namespace Edge.Bench;

/// <summary>Times a piece of work over rounds and takes the median: other work on the machine then moves it little.</summary>
internal static class Rounds
{
    /// <summary>Median nanoseconds of one run of <paramref name="work"/>, which repeats it <paramref name="repeats"/> times in each round.</summary>
    public static double MedianNs(int rounds, int repeats, Action<int> work)
    {
        var times = new double[rounds];
        // Twenty rounds go before: the runtime replaces its first, slow code while they run.
        for (var round = -20; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            work(repeats);
            if (round >= 0) times[round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
        }
        Array.Sort(times);
        return times[rounds / 2];
    }
}
