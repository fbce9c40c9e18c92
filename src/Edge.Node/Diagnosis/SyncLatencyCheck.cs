using Edge.Node.Storage;

namespace Edge.Node.Diagnosis;

/// <summary>How long the disk takes to make 4 KiB durable: every acknowledgement at QoS 1 waits for that.</summary>
internal sealed class SyncLatencyCheck(string folder, TimeProvider time) : ICheck
{
    private const int Rounds = 50;
    private const int Bytes = 4096;

    private static readonly TimeSpan SlowMedian = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowWorst = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        if (!Directory.Exists(folder))
            yield break;
        var sorted = Measure().Order().ToList();
        yield return Judge(sorted[sorted.Count / 2], sorted[^1]);
    }

    /// <summary>Judges the median and the worst of 50.</summary>
    internal static Finding Judge(TimeSpan median, TimeSpan worst)
    {
        var found = $"p50 {median.TotalMilliseconds:F2} ms, p99 {worst.TotalMilliseconds:F2} ms for 4 KiB";
        return median > SlowMedian || worst > SlowWorst
            ? Finding.Warning("sync latency", $"{found}: acknowledgements at QoS 1 take that long; {SlowMedian.TotalMilliseconds} ms and {SlowWorst.TotalMilliseconds} ms are usual for a good SD card.", "Use an A2 card, eMMC, or a USB SSD; see whether something else writes to the disk (iostat -x 1).")
            : Finding.Ok("sync latency", found);
    }

    private List<TimeSpan> Measure()
    {
        var path = Path.Combine(folder, $"doctor-{Environment.ProcessId}.tmp");
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            StableStorage.Allocate(file, path, Rounds * Bytes);
            StableStorage.SyncContent(file, path);
            var page = new byte[Bytes];
            return [.. Enumerable.Range(0, Rounds).Select(i =>
            {
                var started = time.GetTimestamp();
                RandomAccess.Write(file, page, i * Bytes);
                StableStorage.SyncContent(file, path);
                return time.GetElapsedTime(started);
            })];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
