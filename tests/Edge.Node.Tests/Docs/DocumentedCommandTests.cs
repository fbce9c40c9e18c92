using System.Diagnostics;

namespace Edge.Node.Tests.Docs;

/// <summary>
/// Commands that documents show are run: each line <c>$ ./edge …</c> of a fenced block marked <c>console</c> that ends by itself must exit with 0 and print the lines shown below it. Commands that
/// start a node have end-to-end tests of their own.
/// </summary>
public sealed class DocumentedCommandTests
{
    private static readonly string[] EndByThemselves = ["validate", "schema", "module inspect", "run", "--help", "--version"];

    public static IEnumerable<TheoryDataRow<string, string, string>> Commands()
    {
        foreach (var document in Documents())
        {
            string[] lines = File.ReadAllLines(document);
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].Trim() != "```console") continue;
                for (i++; i < lines.Length && lines[i].Trim() != "```"; i++)
                {
                    if (!lines[i].StartsWith("$ ./edge ", StringComparison.Ordinal)) continue;
                    var arguments = lines[i]["$ ./edge ".Length..].Split('#')[0].Trim();
                    var shown = lines[(i + 1)..].TakeWhile(line => line.Trim() != "```" && !line.StartsWith("$ ", StringComparison.Ordinal));
                    if (EndByThemselves.Any(command => arguments.StartsWith(command, StringComparison.Ordinal)) && arguments.IndexOfAny(['|', '<', '>', '&']) < 0)
                        yield return new($"{Path.GetRelativePath(Repository.Root, document)}:{i + 1}", arguments, string.Join('\n', shown));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_documented_command_works_as_shown(string place, string arguments, string shown)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[typeof(Edge.Node.Configuration.SiteLoader).Assembly.Location, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close(); // a command that reads its input finds the end at once
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Patience.For(process.WaitForExitAsync(TestContext.Current.CancellationToken), $"'./edge {arguments}' to end");
        var printed = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{place}: './edge {arguments}' ended with {process.ExitCode}:\n{printed}");
        // An ellipsis stands for what differs from run to run: such lines are not compared.
        foreach (var line in shown.Split('\n').Where(line => line.Trim().Length > 0 && !line.Contains('…', StringComparison.Ordinal)))
            Assert.True(printed.Contains(line.Trim(), StringComparison.Ordinal), $"{place}: './edge {arguments}' does not print '{line}', but:\n{printed}");
    }

    private static IEnumerable<string> Documents() =>
        Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md")).Concat(Directory.GetFiles(Path.Combine(Repository.Root, "guests"), "*.md", SearchOption.AllDirectories))
            .Where(path => !path.Contains("node_modules", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
