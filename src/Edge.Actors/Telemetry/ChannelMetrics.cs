using System.Diagnostics.Metrics;
using Edge.Actors.Channels.Payloads;

namespace Edge.Actors.Telemetry;

/// <summary>Figures of channels, on the meter <c>Edge</c>. The tag <c>channel</c> is <c>tenant/name</c> of a manifest; reasons are of a fixed set.</summary>
internal sealed class ChannelMetrics : IDisposable
{
    private readonly Meter _meter;

    public ChannelMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Edge");
        Readings = _meter.CreateCounter<long>("edge.channel.readings", "{reading}", "Readings taken from the intake.");
        Dropped = _meter.CreateCounter<long>("edge.channel.dropped", "{reading}", "Readings and outputs refused, by reason.");
        Blocks = _meter.CreateCounter<long>("edge.channel.blocks", "{block}", "Guest calls that succeeded.");
        Outputs = _meter.CreateCounter<long>("edge.channel.outputs", "{message}", "Messages handed to the broker.");
        Faults = _meter.CreateCounter<long>("edge.channel.faults", "{fault}", "Instances that ended by a fault, by reason.");
        CommitDuration = _meter.CreateHistogram<double>("edge.channel.commit.duration", "s", "Time to put a channel's state on stable storage, by outcome.");
        Latency = _meter.CreateHistogram<double>("edge.channel.latency", "s", "From the arrival of a reading to its output at the broker.");
        GuestValue = _meter.CreateGauge<double>("edge.module.value", null, "Last value that a guest gave for one of its own metrics.");
    }

    public Counter<long> Readings { get; }

    public Counter<long> Dropped { get; }

    public Counter<long> Blocks { get; }

    public Counter<long> Outputs { get; }

    public Counter<long> Faults { get; }

    public Histogram<double> CommitDuration { get; }

    public Histogram<double> Latency { get; }

    public Gauge<double> GuestValue { get; }

    /// <summary>Lag is asked for when somebody looks.</summary>
    public void ObserveLag(Func<IEnumerable<Measurement<long>>> lags) =>
        _meter.CreateObservableGauge("edge.channel.lag", lags, "{reading}", "Readings that wait for the channel.");

    public void Dispose() => _meter.Dispose();
}
