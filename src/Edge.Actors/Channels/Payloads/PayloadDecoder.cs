using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Wasm.Instances;

namespace Edge.Actors.Channels.Payloads;

/// <summary>
/// Turns a payload into samples by its <see cref="PayloadSpec"/>: pure, reused by one channel. Every sample that comes out is finite and fits the channel's sample
/// type; anything else makes the whole reading malformed, with a sentence that names the value.
/// </summary>
internal sealed class PayloadDecoder(PayloadSpec spec, SampleType type)
{
    private readonly JsonPath _path = new(spec.Path);

    /// <summary>Appends the payload's samples to <paramref name="samples"/>. Null, or what is wrong with the payload.</summary>
    public string? Decode(ReadOnlySpan<byte> payload, SampleBuffer samples)
    {
        if (TooLong(payload.Length) is { } tooLong) return tooLong;
        var before = samples.Count;
        var error = spec.Format switch
        {
            PayloadFormat.Json => Json(payload, samples),
            PayloadFormat.Csv => Csv(payload, samples),
            PayloadFormat.I16 => Raw(payload, 2, samples, static b => BinaryPrimitives.ReadInt16LittleEndian(b)),
            PayloadFormat.I32 => Raw(payload, 4, samples, static b => BinaryPrimitives.ReadInt32LittleEndian(b)),
            PayloadFormat.F32 => Raw(payload, 4, samples, static b => BinaryPrimitives.ReadSingleLittleEndian(b)),
            PayloadFormat.F64 => Raw(payload, 8, samples, static b => BinaryPrimitives.ReadDoubleLittleEndian(b)),
            _ => $"Payload format '{spec.Format}' gives no samples; allowed for stream modules: json, csv, i16, i32, f32, f64.",
        };
        return error ?? (samples.Count == before ? "The payload holds no sample." : null);
    }

    /// <summary>What is wrong with a payload of this length, or null.</summary>
    public string? TooLong(int length) =>
        length <= spec.MaxBytes ? null : $"The payload has {length} bytes; allowed are {spec.MaxBytes} (spec.source.payload.max).";

    private string? Json(ReadOnlySpan<byte> payload, SampleBuffer samples)
    {
        var json = new Utf8JsonReader(payload);
        try
        {
            if (!_path.Find(ref json)) return payload.IsEmpty ? "The payload is empty." : $"The payload has no '{spec.Path}'.";
            if (json.TokenType != JsonTokenType.StartArray) return Number(ref json, samples) ?? End(ref json);
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (Number(ref json, samples) is { } error) return error;
            }

            return End(ref json);
        }
        catch (JsonException broken)
        {
            return $"{Shown(payload, "The empty payload")} is no JSON: {broken.Message}";
        }
    }

    // Reads on to the end, so that half a document is not taken for a whole one.
    private static string? End(ref Utf8JsonReader json)
    {
        while (json.Read()) { }
        return null;
    }

    private string? Number(ref Utf8JsonReader json, SampleBuffer samples) =>
        json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var value)
            ? Add(value, samples)
            : $"{Shown(json.ValueSpan, json.TokenType.ToString())} is not a number.";

    private string? Csv(ReadOnlySpan<byte> payload, SampleBuffer samples)
    {
        if (spec.Column is { } number)
            return CsvLine.TryColumn(payload, number, out var column) ? Text(column, samples) : $"The line has no column {number}.";
        var ended = false;
        while (CsvLine.Next(ref payload, ref ended, out var column))
        {
            if (Text(column, samples) is { } error) return error;
        }

        return null;
    }

    private string? Text(ReadOnlySpan<byte> text, SampleBuffer samples) =>
        Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length
            ? Add(value, samples)
            : $"{Shown(text, "nothing")} is not a number.";

    private string? Raw(ReadOnlySpan<byte> payload, int width, SampleBuffer samples, Func<ReadOnlySpan<byte>, double> read)
    {
        if (payload.Length % width != 0) return $"The payload has {payload.Length} bytes; {spec.Format} needs a multiple of {width}.";
        for (var at = 0; at < payload.Length; at += width)
        {
            if (Add(read(payload[at..]), samples) is { } error) return error;
        }

        return null;
    }

    private string? Add(double raw, SampleBuffer samples)
    {
        var value = raw * spec.Scale + spec.Offset;
        if (!Fits(value)) return string.Create(CultureInfo.InvariantCulture, $"{raw} is no finite {type.ToString().ToLowerInvariant()} (after scale and offset: {value}).");
        samples.Add(value);
        return null;
    }

    private bool Fits(double value) => type switch
    {
        SampleType.F32 => float.IsFinite((float)value),
        SampleType.I32 => Math.Round(value) is >= int.MinValue and <= int.MaxValue,
        _ => double.IsFinite(value),
    };

    private static string Shown(ReadOnlySpan<byte> text, string otherwise) =>
        text.IsEmpty ? otherwise : $"'{Encoding.UTF8.GetString(text.Length > 40 ? text[..40] : text)}'";
}
