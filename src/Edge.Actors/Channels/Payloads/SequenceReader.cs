using System.Buffers.Text;
using System.Text;
using Edge.Messages.Intake;

namespace Edge.Actors.Channels.Payloads;

/// <summary>Reads a reading's own number. Pure, reused by one channel.</summary>
internal sealed class SequenceReader(FieldSpec? spec)
{
    private readonly FieldReader? _field = spec is null ? null : new(spec);

    /// <summary>Reads the number; null for a channel that names none. Returns null, or what is wrong.</summary>
    public string? Read(Reading reading, out long? number)
    {
        number = null;
        if (_field is null) return null;
        if (!_field.TryRead(reading, out var text)) return $"The reading has no sequence '{_field.Name}'.";
        if (!Utf8Parser.TryParse(text, out long parsed, out var used) || used != text.Length)
            return $"Sequence '{Encoding.UTF8.GetString(text)}' is not a whole number.";
        number = parsed;
        return null;
    }
}
