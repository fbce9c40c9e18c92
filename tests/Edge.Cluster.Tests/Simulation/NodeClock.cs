namespace Edge.Cluster.Tests.Simulation;

/// <summary>A node's monotonic clock: its own origin and its own rate. Timers do not fire: nodes look at their leases in their own loops.</summary>
internal sealed class NodeClock(SimulatedTime time, double rate, long origin) : TimeProvider
{
    public double Rate => rate;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => origin + (long)(time.Now * rate);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Silent();

    private sealed class Silent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
