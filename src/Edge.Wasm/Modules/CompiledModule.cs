using Edge.Messages.Modules;
using Edge.Wasm.Capabilities;

namespace Edge.Wasm.Modules;

/// <summary>
/// A module ready to make instances: checked against ABI 1, compiled once, shared by all its instances and threads. Lives until
/// disposed; instances that are still alive keep the native code.
/// </summary>
public sealed class CompiledModule : IDisposable
{
    /// <summary>Digest of the wasm bytes.</summary>
    public ModuleDigest Digest => throw new NotImplementedException();

    /// <summary>Told by the exports.</summary>
    public ModuleKind Kind => throw new NotImplementedException();

    /// <summary>Size of the wasm bytes.</summary>
    public long SizeBytes => throw new NotImplementedException();

    /// <summary>Smallest linear memory that an instance starts with, in bytes.</summary>
    public long MemoryMinBytes => throw new NotImplementedException();

    /// <summary>Exports as <c>name: type</c>, in the module's order.</summary>
    public IReadOnlyList<string> Exports => throw new NotImplementedException();

    /// <summary>Imports as <c>module.name: type</c>, in the module's order.</summary>
    public IReadOnlyList<string> Imports => throw new NotImplementedException();

    /// <summary>Whether it exports <c>edge_snapshot</c> and <c>edge_restore</c>; without them state starts empty after a restart.</summary>
    public bool KeepsState => throw new NotImplementedException();

    /// <summary>
    /// Names of the grants that its imports need and that <paramref name="grants"/> lacks, such as <c>kv</c> or <c>random</c>; empty when it may be deployed.
    /// </summary>
    public IReadOnlyList<string> MissingGrants(CapabilitySet grants) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
