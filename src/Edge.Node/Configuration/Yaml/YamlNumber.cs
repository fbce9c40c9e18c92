using System.Text.RegularExpressions;

namespace Edge.Node.Configuration.Yaml;

/// <summary>The numbers of YAML 1.2's core schema (§10.3.2).</summary>
internal static partial class YamlNumber
{
    /// <summary>A decimal number: the only way in which manifests write numbers.</summary>
    public static bool IsDecimal(string text) => text.Length <= 64 && Decimal().IsMatch(text);

    /// <summary>A number that manifests do not take: octal, hexadecimal, infinite or not a number.</summary>
    public static bool IsOther(string text) => text.Length <= 64 && Other().IsMatch(text);

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Other();
}
