using Edge.Wasm.HostFunctions;
using Edge.Wasm.Wasi;

namespace Edge.Wasm.Capabilities;

/// <summary>Everything that ABI 1 offers to guests: the module <c>edge</c> (guests/ABI.md §6) and WASI preview 1 (§8).</summary>
internal static class HostImports
{
    /// <summary>All functions. A module that imports anything else is refused with its name.</summary>
    public static IReadOnlyList<HostImport> All { get; } = [.. EdgeImports.All, .. WasiImports.All];
}
