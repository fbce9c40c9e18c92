namespace Edge.Node.Site;

/// <summary>
/// How long this node's disk takes for a flush: the 99th percentile of the last minutes, which leases and elections follow. Fed by the intake log and the book. Holds the last 512 flushes, no older
/// than five minutes. Thread-safe.
/// </summary>
/// <remarks>One slow flush is no slow disk: below 16 flushes nothing is said, and below 100 the slowest is left out.</remarks>
/// <param name="time">The clock.</param>
internal sealed class FlushTimes(TimeProvider time)
{
    private const int Most = 512;
    private const int Least = 16;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly (long At, TimeSpan Took)[] _ring = new (long, TimeSpan)[Most];
    private long _count;

    /// <summary>The 99th percentile; zero while too few were seen.</summary>
    public TimeSpan P99
    {
        get
        {
            var now = time.GetTimestamp();
            TimeSpan[] recent;
            lock (_gate) recent = [.. _ring.AsSpan(0, (int)Math.Min(_count, Most)).ToArray().Where(flush => time.GetElapsedTime(flush.At, now) <= Window).Select(flush => flush.Took)];
            if (recent.Length < Least) return TimeSpan.Zero;
            Array.Sort(recent);
            return recent[Math.Min((int)Math.Ceiling(recent.Length * 0.99) - 1, recent.Length - 2)];
        }
    }

    /// <summary>A flush begins; call what is returned when it is done.</summary>
    public Action Begin()
    {
        var began = time.GetTimestamp();
        return () => Took(time.GetElapsedTime(began));
    }

    /// <summary>A flush took so long.</summary>
    public void Took(TimeSpan took)
    {
        var now = time.GetTimestamp();
        lock (_gate) _ring[_count++ % Most] = (now, took);
    }
}
