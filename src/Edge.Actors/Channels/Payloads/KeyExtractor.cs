using System.Text;
using Edge.Messages.Intake;

namespace Edge.Actors.Channels.Payloads;

/// <summary>Tells which stream of a channel a reading belongs to, by its <see cref="KeySpec"/>. Pure, reused by one channel.</summary>
internal sealed class KeyExtractor(KeySpec? spec)
{
    private const int LongestKey = 256;
    private const int RememberedMax = 20_000;

    private readonly FieldReader? _field = spec?.Field is { } field ? new(field) : null;

    // Keys as strings that exist already: a steady stream of readings makes no garbage here.
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the key; empty for a channel without keys. Null, or what is wrong.</summary>
    public string? Read(Reading reading, out string key)
    {
        key = "";
        if (spec is null) return null;
        if (spec.TopicLevel is { } level)
            return TryLevel(reading.Topic, level, out var part) ? Known(part, out key) : $"Topic '{reading.Topic}' has no level {level}.";
        if (_field is null || !_field.TryRead(reading, out var text)) return $"The reading has no key '{_field?.Name}'.";
        Span<char> chars = stackalloc char[LongestKey * 2];
        return Encoding.UTF8.TryGetChars(text, chars, out var length) ? Known(chars[..length], out key) : TooLong;
    }

    /// <summary>The level of a topic with this zero-based number.</summary>
    public static bool TryLevel(ReadOnlySpan<char> topic, int number, out ReadOnlySpan<char> level)
    {
        for (; number > 0; number--)
        {
            var slash = topic.IndexOf('/');
            if (slash < 0)
            {
                level = default;
                return false;
            }

            topic = topic[(slash + 1)..];
        }

        var end = topic.IndexOf('/');
        level = end < 0 ? topic : topic[..end];
        return true;
    }

    private static string TooLong => $"The key is longer than {LongestKey} characters.";

    private string? Known(ReadOnlySpan<char> text, out string key)
    {
        key = "";
        if (text.IsEmpty) return "The key is empty.";
        if (text.Length > LongestKey) return TooLong;
        var known = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out var found))
        {
            key = found;
            return null;
        }

        if (_known.Count >= RememberedMax) _known.Clear();
        known.Add(text);
        known.TryGetValue(text, out found);
        key = found!;
        return null;
    }
}
