using System.Globalization;

namespace Edge.Actors.Channels;

/// <summary>Names that no pipeline of any node had before: node, start of the run, and a count. Thread-safe.</summary>
internal sealed class RunNames(string node, DateTimeOffset started)
{
    private readonly string _run = $"{node}-{started.UtcTicks.ToString("x", CultureInfo.InvariantCulture)}";
    private long _count;

    /// <summary>The next name.</summary>
    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{_run}-{Interlocked.Increment(ref _count)}");
}
