using Edge.Messages.Modules;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Native;

namespace Edge.Wasm.Modules;

/// <summary>
/// A module ready to make instances: checked against ABI 1, compiled once, shared by all its instances and threads. Lives until
/// disposed; instances that are still alive keep the native code.
/// </summary>
public sealed class CompiledModule : IDisposable
{
    private readonly CodeHandle _module;
    private readonly IReadOnlyList<string> _needed;
    private int _live;

    internal CompiledModule(ModuleDigest digest, ModuleKind kind, long size, ModuleShape shape, IReadOnlyList<string> needed, CodeHandle module, PrelinkedHandle prelinked)
    {
        Digest = digest;
        Kind = kind;
        SizeBytes = size;
        Shape = shape;
        Prelinked = prelinked;
        _needed = needed;
        _module = module;
        MemoryMinBytes = (long)shape.Memories.Sum(m => (decimal)m.Min) * 65_536;
        Exports = [.. shape.Exports.Select(e => $"{e.Name}: {e.Type}")];
        Imports = [.. shape.Imports.Select(i => $"{i.Module}.{i.Name}: {i.Type}")];
        KeepsState = shape.Function("edge_snapshot") is not null && shape.Function("edge_restore") is not null;
    }

    /// <summary>Digest of the wasm bytes.</summary>
    public ModuleDigest Digest { get; }

    /// <summary>Told by the exports.</summary>
    public ModuleKind Kind { get; }

    /// <summary>Size of the wasm bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Smallest linear memory that an instance starts with, in bytes.</summary>
    public long MemoryMinBytes { get; }

    /// <summary>Exports as <c>name: type</c>, in the module's order.</summary>
    public IReadOnlyList<string> Exports { get; }

    /// <summary>Imports as <c>module.name: type</c>, in the module's order.</summary>
    public IReadOnlyList<string> Imports { get; }

    /// <summary>Whether it exports <c>edge_snapshot</c> and <c>edge_restore</c>; without them state starts empty after a restart.</summary>
    public bool KeepsState { get; }

    /// <summary>Live instances of this module now.</summary>
    public int LiveInstances => Volatile.Read(ref _live);

    internal ModuleShape Shape { get; }

    internal PrelinkedHandle Prelinked { get; }

    /// <summary>
    /// Names of the grants that its imports need and that <paramref name="grants"/> lacks, such as <c>kv</c> or <c>random</c>; empty when it may be deployed.
    /// </summary>
    public IReadOnlyList<string> MissingGrants(CapabilitySet grants) => [.. _needed.Where(word => !grants.Grants.Any(g => g.Kind == word))];

    /// <inheritdoc/>
    public void Dispose()
    {
        Prelinked.Dispose();
        _module.Dispose();
    }

    internal bool TryEnter(int max)
    {
        if (Interlocked.Increment(ref _live) <= max) return true;
        Interlocked.Decrement(ref _live);
        return false;
    }

    internal void Leave() => Interlocked.Decrement(ref _live);
}
