using Edge.Wasm;

namespace Edge.Node.Tests.Hosting;

/// <summary>A temporary folder with a node's data and its manifests; outlives the node's processes, so that one can be started again on it. Removed when disposed.</summary>
internal sealed class NodeFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("edge-node-");

    public NodeFolder() => Directory.CreateDirectory(Manifests);

    public string Data => Path.Combine(_root.FullName, "data");

    public string Manifests => Path.Combine(_root.FullName, "manifests");

    /// <summary>Options of <c>edge up</c> that name the folder, without manifests only its data, and keep the node to this machine.</summary>
    public IEnumerable<string> Arguments =>
        [.. Directory.EnumerateFiles(Manifests).Any() ? new[] { "-f", Manifests } : [], "--data", Data, "--peers", "127.0.0.1:0", "--no-announce"];

    /// <summary>Adds a manifest file.</summary>
    public NodeFolder With(string file, string yaml)
    {
        File.WriteAllText(Path.Combine(Manifests, file), yaml);
        return this;
    }

    /// <summary>Adds a module file made of WebAssembly text.</summary>
    public NodeFolder WithModule(string file, string wat)
    {
        File.WriteAllBytes(Path.Combine(Manifests, file), WebAssemblyText.ToWasm(wat));
        return this;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
