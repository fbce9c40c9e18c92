using Edge.Wasm.Capabilities;

namespace Edge.Wasm.Wasi;

/// <summary>
/// The clocks that a guest sees, in nanoseconds. The wall clock is the host's plus the granted offset and a deviation that wanders slowly within the granted bound (a triangle of ten
/// minutes, the same for all instances and after a restart), never backwards by itself; the monotonic clock starts at one second when the instance first asks.
/// </summary>
internal sealed class GuestClock(TimeProvider time, ClockCapability grant)
{
    /// <summary>Resolution of the wall clock: .NET's 100 ns.</summary>
    public const long RealtimeResolution = 100;

    private const long NanosecondsPerTick = 100;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _start = time.GetTimestamp();

    /// <summary>Resolution of the monotonic clock.</summary>
    public long MonotonicResolution => Math.Max(1, NanosecondsPerSecond / time.TimestampFrequency);

    /// <summary>Since 1970, never below 0.</summary>
    public long Realtime()
    {
        var now = time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return Math.Max(0, now + grant.Offset.Ticks + Deviation(now, grant.Drift).Ticks) * NanosecondsPerTick;
    }

    public long Monotonic() =>
        NanosecondsPerSecond + (long)((Int128)(time.GetTimestamp() - _start) * NanosecondsPerSecond / time.TimestampFrequency);

    /// <summary>How far the guest's clock is off at <paramref name="ticks"/>: from -bound to +bound and back in each period. With a bound of 60 s it changes by 0.4 s a second at most, so that time never runs backwards.</summary>
    internal static TimeSpan Deviation(long ticks, TimeSpan bound)
    {
        var period = TimeSpan.FromMinutes(10).Ticks;
        var phase = (double)(ticks % period) / period;
        var triangle = phase < 0.5 ? (4 * phase) - 1 : 3 - (4 * phase);
        return new TimeSpan((long)(bound.Ticks * triangle));
    }
}
