using System.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Edge.Node.Guests;

/// <summary>
/// One build of a module's project. How to compile is the project's own <c>sdk/build.sh</c>, which works without this program too; here the toolchain is
/// found and put first on its PATH.
/// </summary>
/// <param name="Module">Full path of the built module; null if there is none.</param>
/// <param name="Mistake">Why not.</param>
internal sealed record GuestBuild(string? Module, string? Mistake)
{
    /// <summary>Builds the project in <paramref name="folder"/>; the compiler's own words go to standard error.</summary>
    public static async Task<GuestBuild> RunAsync(string folder, bool debug, CancellationToken stop)
    {
        folder = Path.GetFullPath(folder);
        var script = Path.Combine(folder, "sdk", "build.sh");
        if (!File.Exists(script))
        {
            return new(null, $"'{folder}' is no module's project: it has no sdk/build.sh. Make one with 'edge module new --lang c|go|assemblyscript NAME'.");
        }

        var module = Path.GetFullPath(FileOf(folder), folder);
        Directory.CreateDirectory(Path.GetDirectoryName(module)!);
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { script, folder, module }, UseShellExecute = false };
        if (debug)
        {
            start.ArgumentList.Add("--debug");
        }

        if (Toolchains(folder) is { } tools)
        {
            start.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        using var build = Process.Start(start) ?? throw new IOException("/bin/sh did not start.");
        await using var kill = stop.Register(() => build.Kill(entireProcessTree: true));
        await build.WaitForExitAsync(CancellationToken.None);
        return build.ExitCode == 0
            ? new(module, null)
            : new(null, $"The build of '{folder}' failed with exit code {build.ExitCode}; see above. In a checkout of Edge, guests/setup.sh gets the toolchains.");
    }

    /// <summary>The folder <c>.toolchains/bin</c> of the nearest parent of the project or of this program that has one, as <c>guests/setup.sh</c> makes it.</summary>
    public static string? Toolchains(string folder) =>
        Parents(folder).Concat(Parents(AppContext.BaseDirectory)).Select(parent => Path.Combine(parent, ".toolchains", "bin")).FirstOrDefault(Directory.Exists);

    private static IEnumerable<string> Parents(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }

    // The manifest says where the node will look for the module; a project without one gets its folder's name.
    private static string FileOf(string folder)
    {
        var manifest = Path.Combine(folder, "module.yaml");
        var byFolder = Path.GetFileName(folder) + ".wasm";
        if (!File.Exists(manifest))
        {
            return byFolder;
        }

        try
        {
            var yaml = new YamlStream();
            using var reader = new StreamReader(manifest);
            yaml.Load(reader);
            return Child(Child(yaml.Documents.FirstOrDefault()?.RootNode, "spec"), "file") is YamlScalarNode { Value: { Length: > 0 } file } ? file : byFolder;
        }
        catch (YamlException mistake)
        {
            throw new IOException($"{manifest}:{mistake.Start.Line}:{mistake.Start.Column} {mistake.Message}", mistake);
        }
    }

    private static YamlNode? Child(YamlNode? node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;
}
