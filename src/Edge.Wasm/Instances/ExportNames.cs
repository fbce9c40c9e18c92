namespace Edge.Wasm.Instances;

/// <summary>The names of guests/ABI.md §1, as the bytes that Wasmtime is asked for.</summary>
internal static class ExportNames
{
    /// <summary><c>edge_abi</c>.</summary>
    public const string AbiName = "edge_abi";

    public static ReadOnlySpan<byte> Memory => "memory"u8;

    public static ReadOnlySpan<byte> Alloc => "edge_alloc"u8;

    public static ReadOnlySpan<byte> Initialize => "_initialize"u8;

    public static ReadOnlySpan<byte> Abi => "edge_abi"u8;

    public static ReadOnlySpan<byte> Init => "edge_init"u8;

    public static ReadOnlySpan<byte> Snapshot => "edge_snapshot"u8;

    public static ReadOnlySpan<byte> Restore => "edge_restore"u8;

    public static ReadOnlySpan<byte> Cleanup => "edge_cleanup"u8;

    public static ReadOnlySpan<byte> Handle => "edge_handle"u8;

    public static ReadOnlySpan<byte> Stream => "edge_stream"u8;

    public static ReadOnlySpan<byte> Encode => "edge_encode"u8;

    public static ReadOnlySpan<byte> Decode => "edge_decode"u8;

    public static ReadOnlySpan<byte> Http => "edge_http"u8;

    public static ReadOnlySpan<byte> Start => "_start"u8;
}
