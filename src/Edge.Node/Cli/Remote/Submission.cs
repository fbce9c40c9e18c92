using System.CommandLine;
using Edge.Messages.Modules;
using Edge.Node.Admin.Routes;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Book;
using Edge.Node.Configuration.Files;
using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Yaml;
using Edge.Node.Storage;

namespace Edge.Node.Cli.Remote;

/// <summary>Manifest files made ready for a node: read, and the module files that they name found, digested and uploaded. What can only be seen here (a file that is not there) is told here; all else the node checks.</summary>
internal sealed class Submission
{
    private readonly Dictionary<string, (string Path, ModuleDigest Digest)> _modules = [];

    private Submission(IReadOnlyList<ManifestFileView> files) => Files = files;

    /// <summary>The files, with the digests of their modules.</summary>
    public IReadOnlyList<ManifestFileView> Files { get; }

    /// <summary><c>-f</c>.</summary>
    public static Option<string[]> PathsOption() => new("--file", "-f")
    {
        Description = "A manifest file, or a folder whose .yaml, .yml and .json files are all read. May be given more than once.",
        HelpName = "DIR|FILE",
        Required = true,
    };

    /// <summary>Reads files and folders.</summary>
    /// <exception cref="RemoteException">A file, or a module that one names, cannot be read; every such mistake is in the message.</exception>
    public static Submission Read(IEnumerable<string> paths)
    {
        var findings = new Findings();
        var views = new List<ManifestFileView>();
        var submission = new Submission(views);
        foreach (var file in new ManifestFiles(findings).Read(paths))
            views.Add(new ManifestFileView(file.Path, file.Text) { Modules = submission.ModulesOf(file, findings) });
        if (findings.Count > 0) throw new RemoteException(string.Join('\n', findings.Sorted()), EdgeCli.BadUsage);
        return submission;
    }

    /// <summary>Uploads the modules that the node does not have, and says so.</summary>
    public async Task UploadAsync(ApiClient client, TextWriter output)
    {
        foreach (var (path, digest) in _modules.Values.DistinctBy(module => module.Digest))
        {
            if (await client.HasAsync($"api/v1/modules/{digest.Hex}")) continue;
            await using var bytes = File.OpenRead(path);
            var length = bytes.Length;
            await client.PutAsync($"api/v1/modules/{digest.Hex}", bytes);
            await output.WriteLineAsync($"uploaded {digest.Abbreviated} {length} bytes of {Path.GetFileName(path)}");
        }
    }

    /// <summary>Puts the modules into a node's own store instead of sending them.</summary>
    /// <exception cref="RemoteException">The store refuses one; the message says why.</exception>
    public async Task StoreAsync(ModuleBlobs blobs, CancellationToken cancellation)
    {
        foreach (var (path, digest) in _modules.Values.DistinctBy(module => module.Digest))
        {
            if (blobs.Has(digest)) continue;
            await using var bytes = File.OpenRead(path);
            if (await blobs.PutAsync(digest, bytes, cancellation) is BlobOutcome.Refused refused) throw new RemoteException($"Module file {path}: {refused.Message}");
        }
    }

    /// <summary>The same for whoever judges it in this process.</summary>
    public SubmittedManifests Submitted() => new(
        [.. Files.Select(file => new ManifestFile(file.Name, file.Text))],
        Files.SelectMany(file => file.Modules.Select(module => (Key: (file.Name, module.Key), Digest: SubmittedManifests.ParseDigest(module.Value)!.Value))).ToDictionary(m => m.Key, m => m.Digest));

    // Only what a file says plainly is followed; the node names the mistakes of the rest.
    private Dictionary<string, string> ModulesOf(ManifestFile file, Findings findings)
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in YamlDocuments.Read(file.Path, file.Text, new Findings()).OfType<YamlMap>())
        {
            if (document.Find("kind")?.Value is not YamlScalar { Text: var kind } || kind != ManifestKind.Module.Name) continue;
            if ((document.Find("spec")?.Value as YamlMap)?.Find("file")?.Value is not YamlScalar { IsNothing: false, Text.Length: > 0 } written || SubmittedManifests.ParseDigest(written.Text) is not null) continue;
            if (DigestOf(ModuleFiles.PathOf(file.Path, written.Text), out var problem) is { } digest) modules[written.Text] = digest.ToString();
            else findings.Add(written.Place, $"The module file {Quote.Of(written.Text)} {problem}");
        }
        return modules;
    }

    private ModuleDigest? DigestOf(string path, out string problem)
    {
        problem = "";
        if (_modules.TryGetValue(path, out var known)) return known.Digest;
        if (ModuleFiles.Look(path) is { Outline: null } bad)
        {
            problem = $"({path}) {bad.Problem}";
            return null;
        }
        var digest = ModuleDigest.Of(File.ReadAllBytes(path));
        _modules[path] = (path, digest);
        return digest;
    }
}
