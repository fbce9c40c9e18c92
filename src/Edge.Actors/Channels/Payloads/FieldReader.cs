using System.Text;
using System.Text.Json;
using Edge.Messages.Intake;

namespace Edge.Actors.Channels.Payloads;

/// <summary>Finds a <see cref="FieldSpec"/> in a reading: a JSON path, a CSV column, or an MQTT 5 user property. Pure, reused by one channel.</summary>
internal sealed class FieldReader(FieldSpec spec)
{
    private const int LongestField = 512;

    private readonly JsonPath? _path = spec.Path is { } path ? new(path) : null;
    private readonly byte[] _copy = new byte[LongestField];

    /// <summary>The field as people know it, for messages.</summary>
    public string Name => spec.Path ?? spec.Property ?? $"column {spec.Column}";

    /// <summary>The field's text without quotes, valid until the next call. False when the reading has none, or one that is longer than 512 bytes.</summary>
    public bool TryRead(Reading reading, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (spec.Property is { } name) return TryProperty(reading, name, out text);
        if (_path is not null) return TryJson(reading.Payload.Span, out text);
        return spec.Column is { } column && CsvLine.TryColumn(reading.Payload.Span, column, out text) && text.Length <= LongestField;
    }

    private bool TryProperty(Reading reading, string name, out ReadOnlySpan<byte> text)
    {
        foreach (var property in reading.Properties)
        {
            if (property.Name == name && Encoding.UTF8.TryGetBytes(property.Value, _copy, out var length))
            {
                text = _copy.AsSpan(0, length);
                return true;
            }
        }

        text = default;
        return false;
    }

    private bool TryJson(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> text)
    {
        text = default;
        var json = new Utf8JsonReader(payload);
        try
        {
            if (!_path!.Find(ref json) || json.TokenType is not (JsonTokenType.String or JsonTokenType.Number)
                || json.ValueSpan.Length > LongestField) return false;
            text = json.TokenType == JsonTokenType.String ? _copy.AsSpan(0, json.CopyString(_copy)) : json.ValueSpan;
            return true;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // No JSON, or a string with a lone surrogate: the reading has no such field.
            return false;
        }
    }
}
