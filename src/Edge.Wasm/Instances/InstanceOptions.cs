using Edge.Wasm.Capabilities;
using Edge.Wasm.Limits;
using Microsoft.Extensions.Logging;

namespace Edge.Wasm.Instances;

/// <summary>What a new instance is made with. The grants were checked against the module's imports when it was deployed.</summary>
public sealed record InstanceOptions
{
    /// <summary>The tenant, for log lines, the per-tenant share of guest threads, and the slot that is zeroed between tenants.</summary>
    public required string Tenant { get; init; }

    /// <summary>The module as people and metrics name it: <c>tenant/name</c> on a node, the file's name where there are no tenants.</summary>
    public required string Module { get; init; }

    /// <summary>What the instance may use, already capped by the tenant.</summary>
    public required ModuleLimits Limits { get; init; }

    /// <summary>What the instance may do. Nothing by default.</summary>
    public required CapabilitySet Grants { get; init; }

    /// <summary>Bytes for <c>edge_init</c>: the manifest's <c>config</c> as JSON. Empty if it has none.</summary>
    public ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>Bytes for <c>edge_restore</c>, from an earlier <see cref="ModuleInstance.Snapshot"/>. Null starts empty.</summary>
    public ReadOnlyMemory<byte>? Snapshot { get; init; }

    /// <summary>The instance's key-value pairs: read by <c>kv_get</c>, written when a call succeeds. Owned by the caller, who commits it with the snapshot.</summary>
    public KvSpace Kv { get; init; } = new();

    /// <summary>How many ports the module's manifest names; <c>emit</c> to another gets <c>EDGE_E_INVALID</c>. 0 lets every port from 0 pass.</summary>
    public int PortCount { get; init; }

    /// <summary>The tenant's own root folder, below which <c>fs:</c> grants are opened. Null: no file grant can be used.</summary>
    public string? FilesRoot { get; init; }

    /// <summary>The machine's GPIO lines. Null: no line exists.</summary>
    public IGpioLines? Gpio { get; init; }

    /// <summary>Where guest log lines and stdout/stderr go, after the rate limit.</summary>
    public required ILogger Log { get; init; }

    /// <summary>For the kind <c>command</c>: <c>args</c> after the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>For the kind <c>command</c>: what <c>fd 0</c> reads. Null is empty.</summary>
    public Stream? Input { get; init; }

    /// <summary>For the kind <c>command</c>: where <c>fd 1</c> writes, up to the output limit. Null: to the log.</summary>
    public Stream? Output { get; init; }
}
