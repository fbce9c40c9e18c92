using System.CommandLine;
using System.Text.Json;
using Edge.Node.Configuration;

namespace Edge.Node.Cli;

/// <summary><c>edge validate</c>: names every mistake of the manifests at once and starts nothing. Exit code 0 without mistakes, 2 with.</summary>
internal static class ValidateCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var paths = new Option<string[]>("--file", "-f")
        {
            Description = "A manifest file, or a folder whose .yaml, .yml and .json files are all read. May be given more than once.",
            HelpName = "DIR|FILE",
            DefaultValueFactory = _ => ["."],
        };
        var output = new Option<string>("--output", "-o") { Description = "text: a line a mistake; json: for programs.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("validate", "Check manifests: every mistake at once, with file, line, column and remedy.") { paths, output };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(paths), parsed.GetRequiredValue(output) == "json", parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string[] paths, bool json, TextWriter output)
    {
        var load = SiteLoader.Load(paths);
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new { load.Files, load.Objects, Mistakes = load.Mistakes.Select(mistake => new { mistake.Place.File, mistake.Place.Line, mistake.Place.Column, mistake.Message }) }, Indented));
        }
        else
        {
            foreach (var mistake in load.Mistakes) output.WriteLine(mistake);
            output.WriteLine(load.Summary);
        }
        return load.Mistakes.Count == 0 ? EdgeCli.Done : EdgeCli.BadUsage;
    }
}
