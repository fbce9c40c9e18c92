using System.Diagnostics;
using System.Globalization;

namespace Edge.Site.Tests.Harness;

/// <summary>Times that scenarios measured, printed with the tests.</summary>
internal static class Figures
{
    public static void Print(string what, TimeSpan took) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {what}: {took.TotalMilliseconds:0} ms"));

    /// <summary>Prints the time from a moment of the monotonic clock to the first output that came after another.</summary>
    public static void PrintFailover(string what, long happened, Subscriber seen, long takenOver)
    {
        var first = seen.Outputs.First(output => output.At > takenOver);
        Print($"{what}: to the first output of the next owner", Stopwatch.GetElapsedTime(happened, first.At));
    }

    /// <summary>Longest time between two outputs that a subscriber saw.</summary>
    public static TimeSpan LongestGap(Subscriber seen)
    {
        var outputs = seen.Outputs;
        return outputs.Zip(outputs.Skip(1), (before, after) => Stopwatch.GetElapsedTime(before.At, after.At)).Max();
    }
}
