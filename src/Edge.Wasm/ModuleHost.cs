using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging;

namespace Edge.Wasm;

/// <summary>
/// The module host of a node: one Wasmtime engine, its compiled-module cache, the ticker that drives deadlines, the bounded guest threads and the
/// count of live instances. Made when the first module is loaded (Wasmtime costs 18 MB of resident memory).
/// </summary>
public sealed class ModuleHost : IDisposable
{
    /// <summary>Makes the engine.</summary>
    public ModuleHost(ModuleHostOptions options, TimeProvider time, ILoggerFactory logs) => throw new NotImplementedException();

    /// <summary>The threads that guests run on.</summary>
    public GuestThreads Threads => throw new NotImplementedException();

    /// <summary>Live instances now.</summary>
    public int LiveInstances => throw new NotImplementedException();

    /// <summary>Compiles, or maps the compiled form from the cache. Blocking (a Go module compiles in about a second): call it off an actor's turn.</summary>
    public ModuleLoad Load(ReadOnlySpan<byte> wasm) => throw new NotImplementedException();

    /// <summary>
    /// Instantiates, runs <c>_initialize</c>, <c>edge_init</c> and, with a snapshot, <c>edge_restore</c>. Call it on a guest thread. Null with a fault
    /// (<see cref="GuestFault.Unavailable"/> at a limit) when there is no instance.
    /// </summary>
    public ModuleInstance? Create(CompiledModule module, InstanceOptions options, out GuestFault? fault) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>Options of the module host.</summary>
public sealed record ModuleHostOptions
{
    /// <summary>Folder of the compiled-module cache, shared safely with other processes. Null keeps nothing on disk.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Key of the cache's keyed hash (HMAC-SHA256), 32 random bytes that the node keeps outside the cache folder.</summary>
    public ReadOnlyMemory<byte> CacheKey { get; init; }

    /// <summary>Live instances of all modules. Default 20 000; 1–20 000: at 2 memory maps each the kernel's limit of 65 530 is near 32 000 (measured).</summary>
    public int InstancesMax { get; init; } = 20_000;

    /// <summary>Guest threads. Default 4 per core, at least 8; 1–256. A guest that blocks in a host call holds one; a tenant gets at most half of them.</summary>
    public int ThreadsMax { get; init; } = Math.Max(8, 4 * Environment.ProcessorCount);
}
