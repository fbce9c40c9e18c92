using System.Diagnostics.Metrics;

namespace Edge.Node.Storage;

/// <summary>Measurements of what the node keeps on disk.</summary>
public sealed class StorageMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _readings;
    private readonly Counter<long> _lost;
    private readonly Histogram<double> _flush;
    private readonly Histogram<double> _commit;

    /// <summary>Makes the instruments on the meter <c>Edge</c>.</summary>
    public StorageMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Edge");
        _readings = _meter.CreateCounter<long>("edge.intake.readings", "{reading}", "Readings on their way to the intake log, by outcome: flushed, refused, failed.");
        _lost = _meter.CreateCounter<long>("edge.intake.damage", "{place}", "Damaged places found in the intake log.");
        _flush = _meter.CreateHistogram<double>("edge.intake.flush.duration", "s", "Write and sync of one batch of the intake log.");
        _commit = _meter.CreateHistogram<double>("edge.state.commit.duration", "s", "One transaction of the channel store, which may hold several channels' commits.");
    }

    /// <summary>How long each flush of the intake log took. Raised on its writer thread.</summary>
    public event Action<TimeSpan>? FlushTook;

    /// <summary>A batch went to the disk.</summary>
    public void Flushed(int readings, TimeSpan took)
    {
        FlushTook?.Invoke(took);
        _readings.Add(readings, new KeyValuePair<string, object?>("outcome", "flushed"));
        _flush.Record(took.TotalSeconds);
    }

    /// <summary>A batch could not be made durable.</summary>
    public void Failed(int readings) => _readings.Add(readings, new KeyValuePair<string, object?>("outcome", "failed"));

    /// <summary>A reading was not taken.</summary>
    public void Refused() => _readings.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));

    /// <summary>A damaged place was found.</summary>
    public void Damaged() => _lost.Add(1);

    /// <summary>Channel state was committed.</summary>
    public void Committed(TimeSpan took) => _commit.Record(took.TotalSeconds);

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();
}
