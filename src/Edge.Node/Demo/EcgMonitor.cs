namespace Edge.Node.Demo;

/// <summary>
/// What a bedside monitor knows: it is told of each message that goes out and each output that comes back, and can be read at any time.
/// Thread-safe.
/// </summary>
internal sealed class EcgMonitor
{
    /// <summary>Samples in a message: 33 ms of signal.</summary>
    public const int SamplesPerMessage = 12;

    private const int TraceSamples = 8 * EcgRecord.RateHz;
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _startUs;
    private readonly SampleLedger _ledger = new(SamplesPerMessage);
    private readonly LatencyHistogram _latency = new();
    private readonly BeatTracker _beats = new();
    private readonly SignalTrace _raw = new(TraceSamples);
    private readonly SignalTrace _filtered = new(TraceSamples);
    private TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _rateSince, _rateReturned;
    private double _rate;

    public EcgMonitor(TimeProvider time)
    {
        _time = time;
        _startUs = time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        _rateSince = time.GetTimestamp();
    }

    /// <summary>Time of a message's first sample, UTC microseconds: the signal's own time, which runs ahead of the clock when it is played faster.</summary>
    public long TimeUs(long message) => _startUs + (long)Math.Round(message * SamplesPerMessage * 1e6 / EcgRecord.RateHz);

    /// <summary>A message goes out now.</summary>
    public void Sending(long message, ReadOnlySpan<short> samples)
    {
        lock (_lock)
        {
            _ledger.Send(message, _time.GetTimestamp());
            foreach (var sample in samples) _raw.Add(EcgRecord.Millivolts(sample));
        }
    }

    /// <summary>An output came back.</summary>
    public void Received(string topic, PortOutput output)
    {
        lock (_lock)
        {
            switch (topic)
            {
                case DemoTopics.Filtered: Filtered(output); break;
                case DemoTopics.Beats: _beats.Beat(output); break;
                case DemoTopics.Rhythm: _beats.Flag(output); break;
                default: break; // A subscription of exactly these three topics brings no other.
            }
        }
    }

    /// <summary>Completes at the next filtered output.</summary>
    public Task NextReturn
    {
        get { lock (_lock) return _returned.Task; }
    }

    /// <summary>Everything as of now.</summary>
    public MonitorReading Read()
    {
        lock (_lock)
        {
            MeasureRate();
            return new MonitorReading(
                (double)_ledger.Sent / EcgRecord.RateHz, _beats.Beats, _beats.Rate, _beats.Rhythm, _ledger.Sent, _ledger.Returned, _rate,
                _latency.Quantile(0.50), _latency.Quantile(0.99), _raw.Snapshot(), _filtered.Snapshot());
        }
    }

    private void Filtered(PortOutput output)
    {
        var now = _time.GetTimestamp();
        var first = (long)Math.Round((output.TimeUs - _startUs) * (double)EcgRecord.RateHz / 1e6);
        _ledger.Return(first, output.Values.Count, sentAt => _latency.Add(_time.GetElapsedTime(sentAt, now)));
        foreach (var value in output.Values) _filtered.Add(value);
        var returned = _returned;
        _returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        returned.SetResult();
    }

    private void MeasureRate()
    {
        var now = _time.GetTimestamp();
        var elapsed = _time.GetElapsedTime(_rateSince, now);
        if (elapsed < RateWindow) return;
        _rate = (_ledger.Returned - _rateReturned) / elapsed.TotalSeconds;
        (_rateSince, _rateReturned) = (now, _ledger.Returned);
    }
}

/// <summary>An <see cref="EcgMonitor"/> at one moment.</summary>
/// <param name="SignalSeconds">Signal played so far.</param>
/// <param name="Beats">Beats found.</param>
/// <param name="HeartRate">Beats a minute, 0 until known.</param>
/// <param name="Rhythm">Null until known.</param>
/// <param name="Sent">Samples sent.</param>
/// <param name="Returned">Samples that came back filtered.</param>
/// <param name="SamplesPerSecond">Of those that came back, over about the last second.</param>
/// <param name="LatencyP50">From handing a message to the client until its last sample is back; null before the first.</param>
/// <param name="LatencyP99">As <paramref name="LatencyP50"/>.</param>
/// <param name="Raw">The last seconds of the signal in millivolts.</param>
/// <param name="Filtered">The last seconds of the module's output.</param>
internal sealed record MonitorReading(
    double SignalSeconds, long Beats, double HeartRate, Rhythm? Rhythm, long Sent, long Returned, double SamplesPerSecond,
    TimeSpan? LatencyP50, TimeSpan? LatencyP99, double[] Raw, double[] Filtered)
{
    /// <summary>Samples sent and not back.</summary>
    public long Missing => Sent - Returned;
}
