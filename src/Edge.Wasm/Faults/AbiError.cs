namespace Edge.Wasm.Faults;

/// <summary>The names of guests/ABI.md §7, for messages.</summary>
internal static class AbiError
{
    /// <summary><c> (EDGE_E_…)</c>, or nothing for a code of the guest's own.</summary>
    public static string Describe(int code) => code switch
    {
        -1 => " (EDGE_E_INVALID)",
        -2 => " (EDGE_E_DENIED)",
        -3 => " (EDGE_E_NOT_FOUND)",
        -4 => " (EDGE_E_LIMIT)",
        -5 => " (EDGE_E_IO)",
        -6 => " (EDGE_E_TIMEOUT)",
        -7 => " (EDGE_E_UNSUPPORTED)",
        -8 => " (EDGE_E_STATE)",
        _ => "",
    };
}
