using Edge.Actors.Channels;
using Edge.Actors.Channels.Payloads;
using Edge.Messages.Channels;

namespace Edge.Actors.Telemetry;

/// <summary>One channel's counts: for metrics and for its status. Thread-safe.</summary>
internal sealed class ChannelMeter(ChannelMetrics metrics, ChannelId channel)
{
    private readonly KeyValuePair<string, object?> _channel = new("channel", channel.ToString());
    private readonly long[] _dropped = new long[DropReasons.Names.Length];
    private long _readings;
    private long _blocks;
    private long _outputs;

    /// <summary>What was counted so far.</summary>
    public ChannelCounts Counts => new(
        Interlocked.Read(ref _readings), Interlocked.Read(ref _blocks), Interlocked.Read(ref _outputs),
        DropReasons.Names.Select((name, i) => (name, Count: Interlocked.Read(ref _dropped[i]))).Where(d => d.Count > 0).ToDictionary(d => d.name, d => d.Count));

    public void Processed(int readings, int blocks, int outputs)
    {
        Add(ref _readings, metrics.Readings, readings);
        Add(ref _blocks, metrics.Blocks, blocks);
        Add(ref _outputs, metrics.Outputs, outputs);
    }

    public void Dropped(DropReason reason, int count = 1)
    {
        Interlocked.Add(ref _dropped[(int)reason], count);
        metrics.Dropped.Add(count, _channel, new("reason", reason.Name()));
    }

    public void Faulted(string reason) => metrics.Faults.Add(1, _channel, new("reason", reason));

    public void Committed(TimeSpan took, bool durable) =>
        metrics.CommitDuration.Record(took.TotalSeconds, _channel, new("outcome", durable ? "ok" : "failed"));

    public bool WantsLatency => metrics.Latency.Enabled;

    public void Latency(long us) => metrics.Latency.Record(Math.Max(0, us) * 1e-6, _channel);

    public void GuestValue(string module, string name, double value) =>
        metrics.GuestValue.Record(value, new("module", module), _channel, new("name", name));

    private void Add(ref long count, System.Diagnostics.Metrics.Counter<long> counter, int added)
    {
        if (added == 0) return;
        Interlocked.Add(ref count, added);
        counter.Add(added, _channel);
    }
}
