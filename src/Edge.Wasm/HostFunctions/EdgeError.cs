namespace Edge.Wasm.HostFunctions;

/// <summary>The error table of guests/ABI.md §7. Codes of -100 and below are the guest's own.</summary>
internal static class EdgeError
{
    /// <summary>An argument is out of its range or malformed.</summary>
    public const int Invalid = -1;

    /// <summary>The grant does not cover it; counted.</summary>
    public const int Denied = -2;

    /// <summary>No such key, line or file.</summary>
    public const int NotFound = -3;

    /// <summary>A limit of size, rate or number is reached.</summary>
    public const int Limit = -4;

    /// <summary>The outside did not do it.</summary>
    public const int InputOutput = -5;

    /// <summary>The outside did not answer in time.</summary>
    public const int Timeout = -6;

    /// <summary>Not offered by this host.</summary>
    public const int Unsupported = -7;

    /// <summary>Not now: an effect outside a call.</summary>
    public const int State = -8;
}
