namespace Edge.Wasm.Instances;

/// <summary>What the host is asking of a guest at the moment; decides whether host functions take effects.</summary>
internal enum CallPhase
{
    /// <summary>Nothing: the guest is not on the stack.</summary>
    Idle,

    /// <summary>Instantiation, <c>_initialize</c>, <c>edge_init</c>, <c>edge_restore</c>: no effects (<c>EDGE_E_STATE</c>).</summary>
    Starting,

    /// <summary>A working export: effects are buffered.</summary>
    Working,

    /// <summary><c>edge_alloc</c> and <c>edge_snapshot</c> between calls: no effects.</summary>
    Between,

    /// <summary><c>edge_cleanup</c>: no effects.</summary>
    Ending,
}
