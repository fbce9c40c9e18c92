using System.Globalization;

namespace Edge.Wasm.Capabilities;

/// <summary>Durations (<c>5ms</c>, <c>-2h</c>) and byte sizes (<c>64KiB</c>) as capabilities write them: a whole number and a unit. Formatting takes the largest unit that fits without a rest.</summary>
internal static class CapabilityUnits
{
    private static readonly (string Name, long Factor)[] Durations =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    private static readonly (string Name, long Factor)[] Sizes = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1), ("", 1)];

    private static readonly char[] Digits = [.. "0123456789"];

    public const string DurationUnits = "d, h, m, s, ms, us";

    public const string SizeUnits = "B, KiB, MiB, GiB";

    public static bool TryDuration(string text, out TimeSpan duration)
    {
        var read = TryRead(text, Durations, out var ticks);
        duration = new TimeSpan(ticks);
        return read;
    }

    public static bool TrySize(string text, out long bytes) => TryRead(text, Sizes, out bytes) && bytes >= 0;

    /// <summary>Exact to the microsecond, which is what <see cref="TryDuration"/> can read.</summary>
    public static string Format(TimeSpan duration) => Format(duration.Ticks, Durations);

    public static string Format(long bytes) => Format(bytes, Sizes);

    private static bool TryRead(string text, (string Name, long Factor)[] units, out long value)
    {
        value = 0;
        var unit = text.TrimStart('-').TrimStart(Digits);
        var number = text[..^unit.Length];
        foreach (var (name, factor) in units)
        {
            if (unit != name || !long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)) continue;
            var product = (Int128)count * factor;
            if (product < long.MinValue || product > long.MaxValue) return false;
            value = (long)product;
            return true;
        }
        return false;
    }

    private static string Format(long value, (string Name, long Factor)[] units)
    {
        var (name, factor) = value == 0 ? units[^2] : units.First(u => value % u.Factor == 0 || u.Factor == units[^1].Factor);
        return string.Create(CultureInfo.InvariantCulture, $"{value / factor}{name}");
    }
}
