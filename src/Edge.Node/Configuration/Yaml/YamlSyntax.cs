using System.Text.RegularExpressions;

namespace Edge.Node.Configuration.Yaml;

/// <summary>Turns the words of the YAML parser into words for the person who wrote the file: what the line most likely has wrong, and what to do.</summary>
internal static partial class YamlSyntax
{
    public const string Unreadable = "This is no YAML from here on: a bracket, brace or quote is not closed, or the text is cut off. Close it.";

    public const string Tab = "This line is indented with a tab; YAML allows blanks only. Replace the tab by blanks.";

    /// <summary>Index of the first line that is indented with a tab, which the parser notices late and elsewhere; -1 if there is none, or in JSON, where tabs are fine.</summary>
    public static int TabIndentedLine(string[] lines) =>
        lines.FirstOrDefault(line => !string.IsNullOrWhiteSpace(line) && line != "---") is { } first && first.TrimStart()[0] is '{' or '['
            ? -1
            : Array.FindIndex(lines, line => line.TrimStart(' ').StartsWith('\t') && !string.IsNullOrWhiteSpace(line));

    /// <param name="parserMessage">What the parser said.</param>
    /// <param name="first">The line where the mistake begins.</param>
    public static string Explain(string parserMessage, string first)
    {
        if (Placeholder().IsMatch(first)) return "A value begins with '{', which YAML reads as a mapping. Put the value in quotes: \"{key}/beats\".";
        if (Indicator().Match(first) is { Success: true } indicator) return $"A value begins with '{indicator.Groups[1].Value}', which has a meaning of its own in YAML. Put the value in quotes.";
        if (parserMessage.Contains("invalid mapping", StringComparison.Ordinal)) return "A value holds ': ', which YAML reads as another key. Put the value in quotes, or begin a new line.";
        if (parserMessage.Contains("quoted scalar", StringComparison.Ordinal))
            return parserMessage.Contains("escape", StringComparison.Ordinal)
                ? "A text in double quotes holds a backslash that begins no known escape. Double the backslash, or use single quotes."
                : "A quote is not closed. Close it on the same line.";
        if (parserMessage.Contains("flow", StringComparison.Ordinal)) return "A '[' or '{' is not closed, or a comma is missing in between. Close it, or separate the values by commas.";
        if (parserMessage.Contains("expected key", StringComparison.Ordinal) || parserMessage.Contains("'-' indicator", StringComparison.Ordinal) ||
            parserMessage.Contains("not allowed in this context", StringComparison.Ordinal))
            return "This line does not fit the lines before it. Align it with the fields it belongs to, each as 'name: value', and list items as '- value'.";
        return parserMessage.Contains("could not find expected ':'", StringComparison.OrdinalIgnoreCase)
            ? "This line is no field. Write 'name: value', with a blank after the colon."
            : $"This is no YAML: {Sentence(parserMessage)} Correct this line or the one before it.";
    }

    private static string Sentence(string text)
    {
        var shown = Quote.Of(text.Trim().TrimEnd('.'))[1..^1];
        return shown.Length == 0 ? "it cannot be read." : char.ToLowerInvariant(shown[0]) + shown[1..] + ".";
    }

    [GeneratedRegex(@"[:-]\s+\{[A-Za-z.0-9]*\}\S", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[:-]\s+([@`%])", RegexOptions.CultureInvariant)]
    private static partial Regex Indicator();
}
