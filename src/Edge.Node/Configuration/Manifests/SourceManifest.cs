using Edge.Actors.Channels;
using Edge.Node.Configuration.Fields;

namespace Edge.Node.Configuration.Manifests;

/// <summary><c>source</c> of a Channel.</summary>
internal sealed record SourceManifest
{
    [TopicFilter("MQTT topic filter below the tenant's topic space.", Required = true)]
    public string? Topic { get; init; }

    [Section("How a payload becomes samples.")]
    public PayloadManifest Payload { get; init; } = new();

    [Section("What tells streams apart, each with its own state; without it the whole channel is one stream.")]
    public KeyManifest? Key { get; init; }

    [Section("Where a reading's time comes from; without it the time at which it arrived.")]
    public TimeManifest? Time { get; init; }

    [Section("Where a reading's own number is, for the removal of duplicates; without it QoS 1's at-least-once shows.")]
    public FieldManifest? Sequence { get; init; }

    [Duration("How much older than the newest reading of its key a reading may be. An older one is late: counted, and sent to the dead letters.", "0us", "24h")]
    public TimeSpan LateTolerance { get; init; }
}

/// <summary><c>source.payload</c>.</summary>
internal sealed record PayloadManifest
{
    [OneOf("json: a number or array of numbers, or what path points to; csv: one line of numbers; i16, i32, f32, f64: little-endian numbers; bytes: not read, for handler modules.", typeof(PayloadFormat))]
    public PayloadFormat Format { get; init; } = PayloadFormat.Json;

    [JsonPath("Where the samples are in a JSON object; without it the document itself is a number or an array of numbers.")]
    public string? Path { get; init; }

    [WholeNumber("Column of a CSV line, from 0; without it every column is a sample.", 0, 1_023)]
    public int? Column { get; init; }

    [Number("Samples are multiplied by it.", NotZero = true)]
    public double Scale { get; init; } = 1;

    [Number("Added to samples after scaling.")]
    public double Offset { get; init; }

    [Size("Longest payload; a longer one is refused as malformed.", "1B", "1MiB")]
    public long Max { get; init; } = 64 << 10;
}

/// <summary>A field of a reading; also <c>source.sequence</c>.</summary>
[ExactlyOne("path", "column", "property")]
internal record FieldManifest
{
    [JsonPath("Member of a JSON payload.")]
    public string? Path { get; init; }

    [WholeNumber("Column of a CSV payload, from 0.", 0, 1_023)]
    public int? Column { get; init; }

    [PlainText("MQTT 5 user property.", "the name of a user property")]
    public string? Property { get; init; }
}

/// <summary><c>source.key</c>.</summary>
[ExactlyOne("topicLevel", "path", "column", "property")]
internal sealed record KeyManifest : FieldManifest
{
    [WholeNumber("Level of the reading's topic, from 0: of a/b/c, level 1 is b.", 0, 127)]
    public int? TopicLevel { get; init; }
}

/// <summary><c>source.time</c>.</summary>
[ExactlyOne("path", "column", "property")]
internal sealed record TimeManifest : FieldManifest
{
    [OneOf("Of numeric times, which count from 1970-01-01T00:00Z; text is read as ISO 8601.", typeof(TimeUnit))]
    public TimeUnit Unit { get; init; } = TimeUnit.Ms;
}

/// <summary>Units of numeric times.</summary>
internal enum TimeUnit
{
    S,
    Ms,
    Us,
    Ns,
}
