namespace Edge.Wasm;

/// <summary>Options of the module host.</summary>
public sealed record ModuleHostOptions
{
    /// <summary>Folder of the compiled-module cache, shared safely with other processes. Null keeps nothing on disk.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Key of the cache's keyed hash (HMAC-SHA256), 32 random bytes that the node keeps outside the cache folder.</summary>
    public ReadOnlyMemory<byte> CacheKey { get; init; }

    /// <summary>Live instances of all modules. Default 20 000; 1–20 000, and never more than the kernel's vm.max_map_count allows at 4 maps each: 14 334 with its usual 65 530.</summary>
    public int InstancesMax { get; init; } = 20_000;

    /// <summary>Guest threads. Default 4 per core, at least 8; 1–256. A guest that blocks in a host call holds one; a tenant gets at most half of them.</summary>
    public int ThreadsMax { get; init; } = Math.Max(8, 4 * Environment.ProcessorCount);
}
