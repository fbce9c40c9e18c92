using Edge.Messages.Intake;
using Edge.Wasm.Modules;

namespace Edge.Actors.Channels.Payloads;

/// <summary>What a channel reads out of a reading before it looks at any state.</summary>
/// <param name="Key">The stream within the channel.</param>
/// <param name="TimeUs">Its time by the channel's rule.</param>
/// <param name="Number">Its own number, if the channel names one.</param>
internal readonly record struct GatedReading(string Key, long TimeUs, long? Number);

/// <summary>Reads key, time, sequence and samples out of a reading, by the channel's spec. Pure: the same reading gives the same result again in a replay.</summary>
internal sealed class ReadingGate(ChannelSpec spec, ModuleKind kind)
{
    private readonly PayloadDecoder _payload = new(spec.Payload, spec.SampleType);
    private readonly TimestampReader _time = new(spec.Time);
    private readonly KeyExtractor _key = new(spec.Key);
    private readonly SequenceReader _sequence = new(spec.Sequence);

    /// <summary>Whether times come from the producer.</summary>
    public bool TimeFromProducer => _time.FromProducer;

    /// <summary>Samples of the last reading, for stream modules; valid until the next.</summary>
    public SampleBuffer Samples { get; } = new();

    /// <summary>Reads a reading. Null, or why it is malformed.</summary>
    public string? Read(Reading reading, out GatedReading gated)
    {
        gated = default;
        Samples.Clear();
        // The length first: nothing below may look at a payload that is longer than allowed.
        var error = _payload.TooLong(reading.Payload.Length);
        var (key, timeUs, number) = ("", 0L, (long?)null);
        error ??= _key.Read(reading, out key);
        error ??= _time.Read(reading, out timeUs);
        error ??= _sequence.Read(reading, out number);
        if (kind == ModuleKind.Stream) error ??= _payload.Decode(reading.Payload.Span, Samples);
        gated = new(key, timeUs, number);
        return error;
    }
}
