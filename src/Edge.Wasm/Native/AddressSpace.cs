using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

/// <summary>
/// Whether the process may reserve so much address space. Wasmtime aborts the process when its pool cannot be reserved, and ARM kernels with 39-bit addresses
/// (512 GiB) or a <c>RLIMIT_AS</c> cannot hold what x86-64 holds with ease, so it is tried before.
/// </summary>
internal static partial class AddressSpace
{
    private const int ProtectNone = 0;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;

    /// <summary>Reserves and gives back.</summary>
    public static bool CanReserve(ulong bytes)
    {
        // The flag values are Linux's; elsewhere the pool is small enough to be taken for granted.
        if (!OperatingSystem.IsLinux()) return true;
        var at = Map(0, (nuint)bytes, ProtectNone, PrivateAnonymousNoReserve, -1, 0);
        if (at == -1) return false;
        _ = Unmap(at, (nuint)bytes);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
