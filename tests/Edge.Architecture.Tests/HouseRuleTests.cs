using System.Text.RegularExpressions;

namespace Edge.Architecture.Tests;

/// <summary>Rules of CONTRIBUTING.md that a machine can hold: what text may not stand in the tree, how long a file may be, where tests lie.</summary>
public sealed partial class HouseRuleTests
{
    /// <summary>No file of ours is longer; most are near 80 lines. A longer one holds two concepts.</summary>
    private const int LinesMax = 400;

    [Fact]
    public void No_source_file_is_longer_than_the_limit() => Verdict.None(
        Own.Where(file => file.Lines.Length > LinesMax)
            .Select(file => $"{file.Path}:{LinesMax + 1} The file has {file.Lines.Length} lines; at most {LinesMax} are allowed. Name its second concept and move it out."));

    [Fact]
    public void No_work_is_left_marked_in_the_code() => Verdict.None(
        from file in Own
        from line in file.Lines.Index()
        let word = UnfinishedWork().Match(line.Item)
        where word.Success
        select $"{file.Path}:{line.Index + 1} holds '{word.Value}'. Do it, or write an issue and remove the mark.");

    [Fact]
    public void No_body_throws_not_implemented() => Verdict.None(
        from file in SourceTree.Code("src/")
        from line in file.Code
        where line.Text.Contains("NotImplementedException", StringComparison.Ordinal)
        select $"{file.Path}:{line.Number} throws NotImplementedException. Implement it or remove the member.");

    [Fact]
    public void No_text_names_a_machine_or_a_registry() => Verdict.None(
        from file in Texts
        from line in file.Lines.Index()
        let found = Machine().Match(line.Item)
        where found.Success
        select $"{file.Path}:{line.Index + 1} holds '{found.Value}', which is true on one machine only. Write a path below the repository, or leave the address to the machine's own configuration.");

    [Fact]
    public void No_folder_is_named_after_a_shape_of_code() => Verdict.None(
        SourceTree.Code("src/").SelectMany(file => file.Path.Split('/')[..^1].Where(folder => ShapeNames.Contains(folder)).Select(folder => $"{file.Path}:1 lies in '{folder}', which names no concept of the product. Name the concept.")).Distinct());

    [Fact]
    public void Folders_of_tests_repeat_folders_of_src() => Verdict.None(
        from file in SourceTree.Code("tests/")
        let parts = file.Path.Split('/')
        let room = parts[1].Replace(".Tests", "", StringComparison.Ordinal)
        where parts.Length > 3 && Directory.Exists(Path.Combine(SourceTree.Root, "src", room)) && !TestsOnly.Contains(parts[2])
        let folder = string.Join('/', parts[2..^1])
        where !Directory.Exists(Path.Combine(SourceTree.Root, "src", room, folder))
        select $"{file.Path}:1 lies in '{folder}', which src/{room} does not have. Move the test to the folder of what it tests.");

    // Edge.Site.Tests runs the whole program and so repeats no room: its folders are what happens to a site, and what must hold whatever happens.
    [Fact]
    public void Folders_of_site_scenarios_are_named_after_what_happens() => Verdict.None(
        from file in SourceTree.Code("tests/Edge.Site.Tests/")
        let parts = file.Path.Split('/')
        where parts.Length != 4 || !Scenarios.Contains(parts[2])
        select $"{file.Path}:1 lies in '{string.Join('/', parts[2..^1])}'; allowed: {string.Join(", ", Scenarios)}. Name a new kind of scenario here, or move the file.");

    [Fact]
    public void A_source_file_is_named_by_a_type_in_it() => Verdict.None(
        from file in SourceTree.Code("src/")
        let name = Path.GetFileName(file.Path).Split('.')[0]
        where name != "Program" && !name.EndsWith("Messages", StringComparison.Ordinal) && !file.Path.Contains("/Native/", StringComparison.Ordinal) && // Native groups declarations as the C headers do
            !file.Lines.Any(line => Regex.IsMatch(line, $@"\b(class|record|struct|interface|enum|delegate)\b.*\b{Regex.Escape(name)}"))
        select $"{file.Path}:1 declares no type '{name}'. Rename the file after its type.");

    private static readonly string[] ShapeNames = ["Utils", "Util", "Helpers", "Common", "Core", "Services", "Interfaces", "Managers", "Base", "Misc"];

    // Folders that have no counterpart in src: Docs tests the documents, Scripts holds fixtures, Simulation runs the rules of several folders together.
    private static readonly string[] TestsOnly = ["Docs", "Scripts", "Fixtures", "Simulation"];

    private static readonly string[] Scenarios = ["Failures", "Harness", "Invariants", "Joining", "Moves", "Partitions"];

    private static IEnumerable<SourceFile> Own => SourceTree.Matching(path => (path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("bench/", StringComparison.Ordinal) || path.StartsWith("tests/", StringComparison.Ordinal)) && path.EndsWith(".cs", StringComparison.Ordinal) && !IsThisFile(path));

    private static IEnumerable<SourceFile> Texts => SourceTree.Matching(path =>
        Path.GetExtension(path) is ".cs" or ".csproj" or ".props" or ".md" or ".yaml" or ".yml" or ".sh" or ".c" or ".h" or ".go" or ".ts" or ".json" or ".service" && Path.GetFileName(path) is not "package-lock.json" and not "packages.lock.json" && !IsThisFile(path));

    private static bool IsThisFile(string path) => path.EndsWith($"/{nameof(HouseRuleTests)}.cs", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex UnfinishedWork();

    [GeneratedRegex(@"(?<![\w.])/(work|root|home/[a-z]+)/[\w.-]+|https?://(api\.nuget\.org|registry\.npmjs\.org|proxy\.golang\.org|deb\.debian\.org|pypi\.org|[\w.-]*artifactory[\w.-]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Machine();
}
