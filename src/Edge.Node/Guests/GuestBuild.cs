using System.Diagnostics;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Yaml;

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

        var findings = new Findings();
        var documents = YamlDocuments.Read(manifest, File.ReadAllText(manifest), findings);
        if (findings.Count > 0)
        {
            throw new IOException(findings.Sorted()[0].ToString());
        }

        var spec = ((documents.Count > 0 ? documents[0] : null) as YamlMap)?.Find("spec")?.Value as YamlMap;
        return spec?.Find("file")?.Value is YamlScalar { Text: { Length: > 0 } file } ? file : byFolder;
    }
}
