namespace Edge.Wasm.Modules;

/// <summary>What a module is called for, told by its exports (guests/ABI.md §2).</summary>
public enum ModuleKind
{
    /// <summary>Exports <c>edge_handle</c>: once per message.</summary>
    Handler,

    /// <summary>Exports <c>edge_stream</c>: once per block of new samples.</summary>
    Stream,

    /// <summary>Exports <c>edge_encode</c> and <c>edge_decode</c>: per chunk of a device protocol.</summary>
    Codec,

    /// <summary>Exports <c>edge_http</c>: per request.</summary>
    Http,

    /// <summary>Exports <c>_start</c>: per job, stdin in and stdout out.</summary>
    Command,
}
