using System.Text.RegularExpressions;

namespace Edge.Architecture.Tests;

/// <summary>The arrows of ARCHITECTURE.md: rooms refer downwards only, and each library is seen only by the rooms that own it.</summary>
public sealed partial class ArrowTests
{
    private static readonly Dictionary<string, string[]> Below = new()
    {
        ["Edge.Messages"] = [],
        ["Edge.Wasm"] = ["Edge.Messages"],
        ["Edge.Cluster"] = ["Edge.Messages"],
        ["Edge.Actors"] = ["Edge.Cluster", "Edge.Wasm", "Edge.Messages"],
        ["Edge.Node"] = ["Edge.Actors", "Edge.Cluster", "Edge.Wasm", "Edge.Messages"],
    };

    /// <summary>A library, and the folders whose code may use it.</summary>
    public static TheoryData<string, string[]> Libraries => new()
    {
        { "Wasmtime", ["src/Edge.Wasm/"] },
        { "MQTTnet", ["src/Edge.Node/Mqtt/", "src/Edge.Node/Demo/", "src/Edge.Node/Cli/"] },
        { "Microsoft.AspNetCore", ["src/Edge.Node/Admin/", "src/Edge.Node/Gateway/", "src/Edge.Node/Console/", "src/Edge.Node/Telemetry/", "src/Edge.Cluster/Transport/", "src/Edge.Cluster/Raft/", "src/Edge.Node/Site/"] },
        { "Proto", ["src/Edge.Actors/", "src/Edge.Cluster/", "src/Edge.Node/Hosting/"] },
        { "Grpc", ["src/Edge.Cluster/", "src/Edge.Node/Site/"] },
        { "DotNext", ["src/Edge.Cluster/Raft/"] },
        { "Microsoft.Data.Sqlite", ["src/Edge.Node/Storage/"] },
        { "YamlDotNet", ["src/Edge.Node/Configuration/Yaml/"] },
        { "OpenTelemetry", ["src/Edge.Node/Telemetry/"] },
        { "Spectre.Console", ["src/Edge.Node/Demo/", "src/Edge.Node/Cli/"] },
        { "System.CommandLine", ["src/Edge.Node/Cli/"] },
        { "System.Device.Gpio", ["src/Edge.Node/Gpio/"] },
    };

    [Fact]
    public void Projects_refer_downwards_only() => Verdict.None(
        from project in SourceTree.Matching(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal))
        let name = Path.GetFileNameWithoutExtension(project.Path)
        from line in project.Lines.Index()
        let target = ProjectReference().Match(line.Item)
        where target.Success && !Below.GetValueOrDefault(name, []).Contains(target.Groups[1].Value)
        select $"{project.Path}:{line.Index + 1} {name} refers to {target.Groups[1].Value}; allowed: {string.Join(", ", Below.GetValueOrDefault(name, []))}. Move the type down, or put a seam into the lower room.");

    [Fact]
    public void Every_room_is_in_the_table_of_arrows() => Verdict.None(
        SourceTree.Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(path => !Below.ContainsKey(Path.GetFileNameWithoutExtension(path)))
            .Select(path => $"{path}:1 is a room without arrows. Add it to {nameof(ArrowTests)} and to ARCHITECTURE.md."));

    [Fact]
    public void Code_names_no_room_above_its_own() => Verdict.None(
        from file in SourceTree.Code("src/")
        let room = file.Path.Split('/')[1]
        from line in file.Code
        from Match name in Room().Matches(line.Text)
        where name.Value != room && Below.ContainsKey(name.Value) && !Below[room].Contains(name.Value)
        select $"{file.Path}:{line.Number} names {name.Value}, which lies above {room}. Move the type down, or put a seam into {room}.");

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_is_seen_by_its_rooms_only(string library, string[] allowed) => Verdict.None(
        from file in SourceTree.Code("src/")
        where !allowed.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal))
        from line in file.Code
        where Uses(line.Text, library)
        select $"{file.Path}:{line.Number} uses {library}; allowed: {(allowed.Length == 0 ? "nowhere yet" : string.Join(", ", allowed))}. Put a seam into an allowed folder and use that.");

    private static bool Uses(string line, string library) => Regex.IsMatch(line, $@"(\busing\s+(static\s+)?|\bglobal::|[^\w."".]){Regex.Escape(library)}(\.[A-Z]|;)", RegexOptions.CultureInvariant);

    [GeneratedRegex("<ProjectReference Include=\".*?([A-Za-z.]+)\\.csproj\"")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\bEdge\.(Messages|Wasm|Cluster|Actors|Node)\b")]
    private static partial Regex Room();
}
