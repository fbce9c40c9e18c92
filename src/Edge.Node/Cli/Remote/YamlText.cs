using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Edge.Node.Cli.Remote;

/// <summary>Writes JSON as block YAML that the manifest reader reads back as the same. Pure.</summary>
internal static partial class YamlText
{
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        WriteFields(value, 0, text);
        return text.ToString();
    }

    private static void WriteFields(JsonElement map, int depth, StringBuilder text)
    {
        foreach (var field in map.EnumerateObject())
        {
            text.Append(' ', depth * 2).Append(Scalar(field.Name)).Append(':');
            WriteValue(field.Value, depth + 1, text);
        }
    }

    private static void WriteValue(JsonElement value, int depth, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                text.Append('\n');
                WriteFields(value, depth, text);
                break;
            case JsonValueKind.Object:
                text.Append(" {}\n");
                break;
            // A list on one line, as JSON, which is YAML too.
            case JsonValueKind.Array:
                text.Append(' ').Append(value.EnumerateArray().All(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) ? $"[{string.Join(", ", value.EnumerateArray().Select(Scalar))}]" : value.GetRawText()).Append('\n');
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? Scalar(value.GetString()!) : value.GetRawText();

    // Words that YAML reads as nothing but text stay bare; everything else is quoted.
    private static string Scalar(string text) => Bare().IsMatch(text) && text is not ("true" or "false" or "null" or "True" or "False" or "Null" or "TRUE" or "FALSE" or "NULL")
        ? text
        : "\"" + string.Concat(text.EnumerateRunes().Select(Escaped)) + "\"";

    private static string Escaped(Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        < ' ' or 0x7f => $"\\x{rune.Value:x2}",
        _ => rune.ToString(),
    };

    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./+-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
