using System.Globalization;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Modules;

namespace Edge.Node.LocalRun;

/// <summary>What <c>edge module inspect</c> tells of a module; the names are those of its JSON.</summary>
/// <param name="Kind">The kind in lower case.</param>
/// <param name="Digest"><c>sha256:</c> and 64 digits.</param>
/// <param name="SizeBytes">Size of the file.</param>
/// <param name="MemoryMinBytes">Memory that an instance starts with.</param>
/// <param name="KeepsState">Whether it has snapshot and restore.</param>
/// <param name="Grants">The words of the grants that its imports need.</param>
/// <param name="Exports"><c>name: type</c>.</param>
/// <param name="Imports"><c>module.name: type</c>.</param>
internal sealed record ModuleFacts(
    string Kind, string Digest, long SizeBytes, long MemoryMinBytes, bool KeepsState, IReadOnlyList<string> Grants, IReadOnlyList<string> Exports, IReadOnlyList<string> Imports)
{
    public static ModuleFacts Of(CompiledModule module) => new(
        module.Kind.ToString().ToLowerInvariant(), module.Digest.ToString(), module.SizeBytes, module.MemoryMinBytes, module.KeepsState,
        module.MissingGrants(CapabilitySet.None), module.Exports, module.Imports);

    /// <summary>For people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"kind     {Kind}";
        yield return $"digest   {Digest}";
        yield return string.Create(CultureInfo.InvariantCulture, $"size     {SizeBytes:N0} bytes");
        yield return string.Create(CultureInfo.InvariantCulture, $"memory   {MemoryMinBytes / 1024:N0} KiB at start");
        yield return $"state    {(KeepsState ? "kept by snapshots" : "none is kept: no edge_snapshot and edge_restore")}";
        yield return Grants.Count == 0 ? "grants   none" : $"grants   {string.Join(", ", Grants.Select(word => $"{word} (such as {GrantArguments.Write(word)})"))}";
        yield return "exports";
        foreach (var export in Exports) yield return $"  {export}";
        yield return Imports.Count == 0 ? "imports  none" : "imports";
        foreach (var import in Imports) yield return $"  {import}";
    }
}
