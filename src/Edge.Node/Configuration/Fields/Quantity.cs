using System.Globalization;
using System.Text.RegularExpressions;
using Edge.Messages.Spelling;

namespace Edge.Node.Configuration.Fields;

/// <summary>
/// Numbers with a unit: <c>64KiB</c>, <c>1.5s</c>, <c>360 Hz</c>. A blank may stand between number and unit. Exact: computed in decimals, so 0.1s is 100 ms.
/// </summary>
/// <param name="What">What it is: <c>a size</c>.</param>
/// <param name="Units">Units and how much of the base unit each is, ascending.</param>
/// <param name="UnitRequired">Whether a number alone is a mistake; else it counts base units.</param>
internal sealed partial record Quantity(string What, IReadOnlyList<(string Name, decimal Factor)> Units, bool UnitRequired)
{
    /// <summary>In bytes.</summary>
    public static Quantity Size { get; } = new("a size", [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)], UnitRequired: false);

    /// <summary>In ticks of 100 ns.</summary>
    public static Quantity Duration { get; } = new("a duration",
        [("us", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour)], UnitRequired: true);

    /// <summary>In hertz.</summary>
    public static Quantity Rate { get; } = new("a rate", [("Hz", 1), ("kHz", 1_000)], UnitRequired: false);

    /// <summary>A regular expression of what <see cref="TryRead"/> takes.</summary>
    public string Pattern => $@"^[0-9]{{1,12}}(\.[0-9]{{1,6}})? ?({string.Join('|', Units.Select(unit => unit.Name))}){(UnitRequired ? "" : "?")}$";

    public string UnitNames => string.Join(", ", Units.Select(unit => unit.Name));

    /// <summary>The value in base units; false with a remedy, or with none where the text is no quantity at all.</summary>
    public bool TryRead(string text, out decimal value, out string remedy)
    {
        (value, remedy) = (0, "");
        if (Form().Match(text) is not { Success: true } match) return false;
        var number = decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var unit = match.Groups[2].Value;
        if (unit.Length == 0 && (!UnitRequired || number == 0))
        {
            value = number;
            return true;
        }
        foreach (var (name, factor) in Units)
        {
            if (name != unit) continue;
            value = number * factor;
            return true;
        }
        remedy = unit.Length == 0 ? $" Add the unit: {UnitNames}." : $" The unit '{unit}' is not known; known are {UnitNames}.{NearestUnit(unit)}";
        return false;
    }

    /// <summary>With the largest unit that leaves a whole number.</summary>
    public string Write(decimal value)
    {
        var (name, factor) = Units.LastOrDefault(unit => value != 0 && value % unit.Factor == 0, Units[0]);
        return string.Create(CultureInfo.InvariantCulture, $"{value / factor:0.######}{(What == "a rate" ? " " : "")}{name}");
    }

    private string NearestUnit(string unit) => unit switch
    {
        "µs" or "usec" => " Did you mean 'us'?",
        "sec" or "second" or "seconds" => " Did you mean 's'?",
        "min" or "minutes" => " Did you mean 'm'?",
        "KB" or "kB" or "kb" or "K" or "k" or "Ki" when What == "a size" => " Did you mean 'KiB'?",
        "MB" or "mb" or "M" or "Mi" when What == "a size" => " Did you mean 'MiB'?",
        "GB" or "gb" or "G" or "Gi" when What == "a size" => " Did you mean 'GiB'?",
        _ => NearestName.Hint(unit, Units.Select(known => known.Name)),
    };

    [GeneratedRegex(@"^([0-9]{1,12}(?:\.[0-9]{1,6})?) ?([A-Za-zµ]{0,8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
