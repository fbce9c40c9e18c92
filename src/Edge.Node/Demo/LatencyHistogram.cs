using System.Numerics;

namespace Edge.Node.Demo;

/// <summary>
/// Counts durations in buckets that are at most 3 % wide, from 1 µs to over an hour, in constant memory: a log-linear histogram after
/// Gil Tene's HdrHistogram. Not thread-safe.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int SubBuckets = 1 << SubBits;
    private readonly long[] _buckets = new long[(40 - SubBits) * SubBuckets];

    /// <summary>Durations counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one; below 1 µs counts as 0.</summary>
    public void Add(TimeSpan duration)
    {
        var micros = Math.Max(0, (long)duration.TotalMicroseconds);
        _buckets[Math.Min(_buckets.Length - 1, Bucket(micros))]++;
        Count++;
    }

    /// <summary>The duration that the share <paramref name="quantile"/> (0–1) of all durations does not exceed; null when there are none.</summary>
    public TimeSpan? Quantile(double quantile)
    {
        if (Count == 0) return null;
        var wanted = Math.Max(1, (long)Math.Ceiling(Count * quantile));
        var seen = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted) return TimeSpan.FromMicroseconds(Highest(i));
        }
        return TimeSpan.FromMicroseconds(Highest(_buckets.Length - 1));
    }

    // The first 32 buckets are 1 µs wide; each further 32 cover twice the span of the 32 before.
    private static int Bucket(long micros)
    {
        if (micros < SubBuckets) return (int)micros;
        var shift = BitOperations.Log2((ulong)micros) - SubBits;
        return (shift << SubBits) + (int)(micros >> shift);
    }

    private static long Highest(int bucket)
    {
        if (bucket < SubBuckets) return bucket;
        var shift = (bucket >> SubBits) - 1;
        return (((long)(bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
