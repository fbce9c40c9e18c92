namespace Edge.Node.Hosting;

/// <summary>Busy cores of this process between two looks that are at least a second apart. Not exact; for people and for the plan's balance. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class CpuShare(TimeProvider time)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _at = time.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;
    private double _share;

    /// <summary>The share now.</summary>
    public double Share
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetTimestamp();
                var passed = time.GetElapsedTime(_at, now);
                if (passed < Least) return _share;
                var used = Environment.CpuUsage.TotalTime;
                (_share, _at, _used) = ((used - _used) / passed, now, used);
                return _share;
            }
        }
    }
}
