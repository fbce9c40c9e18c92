using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Edge.Messages.Intake;

namespace Edge.Actors.Channels.Payloads;

/// <summary>Reads a reading's own time by its <see cref="TimeSpec"/>, in UTC microseconds since 1970. Pure, reused by one channel.</summary>
internal sealed class TimestampReader(TimeSpec spec)
{
    // Until the year 9999: what DateTimeOffset and people can show.
    private const long LatestUs = 253_402_300_799_999_999;

    private readonly FieldReader? _field = spec.Field is { } field ? new(field) : null;

    /// <summary>Whether time comes from the producer and not from this node's clock.</summary>
    public bool FromProducer => _field is not null;

    /// <summary>Reads the time. Null, or what is wrong with it.</summary>
    public string? Read(Reading reading, out long timeUs)
    {
        timeUs = reading.ArrivalUs;
        if (_field is null) return null;
        if (!_field.TryRead(reading, out var text)) return $"The reading has no time '{_field.Name}'.";
        if (TryNumber(text, out timeUs) || TryIso(text, out timeUs)) return null;
        return $"Time '{Encoding.UTF8.GetString(text)}' is neither a number of '{spec.Unit}' since 1970 nor ISO 8601.";
    }

    private bool TryNumber(ReadOnlySpan<byte> text, out long timeUs)
    {
        timeUs = 0;
        // Whole numbers go without a double: nanoseconds since 1970 have more digits than it holds.
        if (Utf8Parser.TryParse(text, out long whole, out var used) && used == text.Length)
        {
            Int128 us = spec.Unit switch { "s" => (Int128)whole * 1_000_000, "us" => whole, "ns" => whole / 1000, _ => (Int128)whole * 1000 };
            if (us < 0 || us > LatestUs) return false;
            timeUs = (long)us;
            return true;
        }

        if (!Utf8Parser.TryParse(text, out double number, out used) || used != text.Length) return false;
        var scaled = number * spec.Unit switch { "s" => 1e6, "us" => 1, "ns" => 1e-3, _ => 1e3 };
        if (!(scaled is >= 0 and <= LatestUs)) return false;
        timeUs = (long)Math.Round(scaled);
        return true;
    }

    private static bool TryIso(ReadOnlySpan<byte> text, out long timeUs)
    {
        Span<char> chars = stackalloc char[40];
        timeUs = 0;
        if (text.Length > chars.Length || !Ascii.IsValid(text) || text.IndexOf((byte)'-') < 0) return false;
        var length = Encoding.ASCII.GetChars(text, chars);
        if (!DateTimeOffset.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return false;
        timeUs = (time - DateTimeOffset.UnixEpoch).Ticks / 10;
        return timeUs >= 0;
    }
}
