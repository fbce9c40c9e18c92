using System.Text;
using System.Text.RegularExpressions;
using Edge.Messages.Spelling;

namespace Edge.Node.Configuration.Topics;

/// <summary>What MQTT 5 §4.7 allows as topic filter and topic, and what Edge allows as placeholder. Each answer is the rest of a sentence: the mistake and its remedy, or null.</summary>
internal static partial class TopicSyntax
{
    private const int BytesMax = 65_535;

    private static readonly string[] Placeholders = ["key", "topic", "topic.0"];

    /// <summary>The mistake of a topic filter.</summary>
    public static string? FilterMistake(string filter)
    {
        if (CommonMistake(filter) is { } mistake) return mistake;
        string[] levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] == "#" && i < levels.Length - 1) return $"whose '#' is not the last level. Write {Quote.Of(string.Join('/', levels[..(i + 1)]))}, or '+' for one level.";
            if (levels[i] is not ("#" or "+") && levels[i].AsSpan().ContainsAny('+', '#'))
                return $"whose level {Quote.Of(levels[i])} mixes a wildcard with text; '+' and '#' fill a whole level. Write '+' alone.";
        }
        return levels.Any(level => PlaceholderForm().IsMatch(level)) ? "which holds a placeholder; a source takes wildcards. Write '+' in its place." : null;
    }

    /// <summary>The mistake of a topic to publish to.</summary>
    public static string? TemplateMistake(string template, bool placeholders)
    {
        if (CommonMistake(template) is { } mistake) return mistake;
        if (template.AsSpan().ContainsAny('+', '#')) return "which holds a wildcard; a message is published to one topic. " + (placeholders ? "Write {topic.N} for the N-th level of the input's topic." : "Write a plain topic.");
        var rest = PlaceholderForm().Replace(template, "");
        if (rest.AsSpan().ContainsAny('{', '}')) return "which holds a '{' or '}' that belongs to no placeholder. " + (placeholders ? "Write {key}, {topic} or {topic.N}." : "Remove it.");
        foreach (Match match in PlaceholderForm().Matches(template))
        {
            if (!placeholders) return "which holds a placeholder; none is filled in here. Write a plain topic.";
            if (!IsPlaceholder(match.Groups[1].Value)) return $"whose placeholder {match.Value} is not known; known are {{key}}, {{topic}} and {{topic.N}}.{NearestName.Hint(match.Groups[1].Value, Placeholders)}";
        }
        return null;
    }

    /// <summary>The placeholders of a template, without their braces.</summary>
    public static IEnumerable<string> PlaceholdersOf(string template) => PlaceholderForm().Matches(template).Select(match => match.Groups[1].Value);

    /// <summary>The N of <c>topic.N</c>; null for another placeholder.</summary>
    public static int? LevelOf(string placeholder) =>
        placeholder.StartsWith("topic.", StringComparison.Ordinal) && int.TryParse(placeholder.AsSpan(6), out var level) && level is >= 0 and < 128 ? level : null;

    private static bool IsPlaceholder(string word) => word is "key" or "topic" || LevelOf(word) is not null;

    private static string? CommonMistake(string topic)
    {
        if (topic.StartsWith('$')) return "which begins with '$'; such topics belong to the broker. Begin with another character.";
        if (topic.Any(char.IsControl)) return "which holds a control character. Remove it.";
        return Encoding.UTF8.GetByteCount(topic) > BytesMax ? $"which is longer than {BytesMax} bytes. Shorten it." : null;
    }

    [GeneratedRegex(@"\{([^{}/]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceholderForm();
}
