using System.Diagnostics;

namespace Edge.Architecture.Tests;

/// <summary>The repository's own files, as git lists them (so build output is no source), with their lines.</summary>
internal static class SourceTree
{
    /// <summary>Folder of Edge.sln.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Paths below the root with '/', of all files that are tracked, or new and not ignored.</summary>
    public static IReadOnlyList<string> Files { get; } = List();

    public static IEnumerable<SourceFile> Matching(Func<string, bool> path) => Files.Where(path).Select(file => new SourceFile(file, File.ReadAllLines(Path.Combine(Root, file))));

    /// <summary>C# sources below a folder.</summary>
    public static IEnumerable<SourceFile> Code(string below) =>
        Matching(path => path.StartsWith(below, StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    private static List<string> List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"]) { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return [.. files.Where(file => File.Exists(Path.Combine(Root, file))).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Edge.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Edge.sln is above no folder of the test."));
}

/// <summary>A file and its lines.</summary>
internal sealed record SourceFile(string Path, string[] Lines)
{
    /// <summary>Lines with their number, comments left out: an arrow is about what code uses, not about what a sentence mentions.</summary>
    public IEnumerable<(int Number, string Text)> Code => Lines.Index().Select(line => (line.Index + 1, WithoutComment(line.Item)));

    private static string WithoutComment(string line)
    {
        var comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 || line[..comment].Contains('"', StringComparison.Ordinal) ? line : line[..comment];
    }
}
