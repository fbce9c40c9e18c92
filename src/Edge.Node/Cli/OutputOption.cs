using System.CommandLine;

namespace Edge.Node.Cli;

/// <summary><c>-o</c>: how an answer is shown.</summary>
internal static class OutputOption
{
    /// <summary>Text for people, or the API's JSON.</summary>
    public static Option<string> TextOrJson() => Of("text: for people; json: the API's answer.", "text", "json");

    /// <summary>A table, or whole objects.</summary>
    public static Option<string> Objects() => Of("table: a line each; wide: with more columns; json: the API's answer; yaml: manifests that can be applied again.", "table", "wide", "json", "yaml");

    private static Option<string> Of(string description, params string[] words)
    {
        var option = new Option<string>("--output", "-o") { Description = description, DefaultValueFactory = _ => words[0] };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
