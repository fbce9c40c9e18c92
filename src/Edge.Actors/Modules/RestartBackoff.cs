namespace Edge.Actors.Modules;

/// <summary>
/// How long to wait before the next instance after a fault: pure, the caller brings the time. A fault among good calls costs nothing, since a new
/// instance takes microseconds; only faults that follow each other double the wait. Without jitter: one process restarts, nothing stampedes.
/// </summary>
/// <param name="Faults">Faults in a row, without good behaviour between them.</param>
/// <param name="GoodCalls">Successful calls since the last fault.</param>
/// <param name="LastFault">When the last fault was; null if there was none.</param>
public readonly record struct RestartBackoff(int Faults, int GoodCalls, TimeSpan? LastFault)
{
    /// <summary>The wait after the second fault in a row.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Time without a fault after which a module counts as healthy again and its faults are forgotten (the term is Azure IoT Edge's).</summary>
    public static readonly TimeSpan IntensiveCare = TimeSpan.FromSeconds(10);

    /// <summary>Successful calls after which faults no longer count as following each other: a module may fault once in so many calls at full speed.</summary>
    public const int GoodCallsEnough = 10;

    /// <summary>The wait that the last fault asks for; zero for the first of a row.</summary>
    public TimeSpan Delay => Faults <= 1
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(Faults - 2, 20)));

    /// <summary>After a fault at <paramref name="now"/>, counted from any fixed moment.</summary>
    public RestartBackoff Fault(TimeSpan now)
    {
        var behaved = GoodCalls >= GoodCallsEnough || LastFault is not { } last || now - last - Delay >= IntensiveCare;
        return new(behaved ? 1 : Faults + 1, 0, now);
    }

    /// <summary>After <paramref name="calls"/> more successful calls.</summary>
    public RestartBackoff Succeeded(int calls) =>
        LastFault is null ? this : this with { GoodCalls = (int)Math.Min(int.MaxValue, (long)GoodCalls + calls) };

    /// <summary>Whether a fault is so recent that the module still counts as degraded.</summary>
    public bool InIntensiveCare(TimeSpan now) => LastFault is { } last && now - last < IntensiveCare + Delay;
}
