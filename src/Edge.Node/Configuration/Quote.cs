using System.Globalization;
using System.Text;

namespace Edge.Node.Configuration;

/// <summary>Shows a value from a file inside a message: quoted, at most 60 characters, control characters escaped, so that a hostile file can neither flood nor steer a terminal.</summary>
internal static class Quote
{
    private const int LengthMax = 60;

    public static string Of(string value)
    {
        var quoted = new StringBuilder("'");
        foreach (var rune in value.EnumerateRunes())
        {
            if (quoted.Length > LengthMax) return quoted.Append("…'").ToString();
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                quoted.Append(rune);
        }
        return quoted.Append('\'').ToString();
    }

    /// <summary><c>a, b, c</c>, at most 12 of them.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length switch
        {
            0 => "none",
            <= 12 => string.Join(", ", all),
            _ => string.Join(", ", all.Take(12)) + $" and {all.Length - 12} more",
        };
    }
}
