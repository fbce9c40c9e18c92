using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

/// <summary>
/// One argument or result of an unchecked call (<c>wasmtime_val_raw_t</c>): 16 bytes, wide enough for a v128. Wasmtime keeps it little-endian on
/// every host, which is the order of all machines that this runs on.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct ValueRaw
{
    [FieldOffset(0)] public int I32;
    [FieldOffset(0)] public long I64;
    [FieldOffset(0)] public float F32;
    [FieldOffset(0)] public double F64;
}

/// <summary>Types of numbers in signatures, numbered as <c>wasm_valkind_t</c>. Only these appear in ABI 1.</summary>
internal enum ValueKind : byte
{
    I32 = 0,
    I64 = 1,
    F32 = 2,
    F64 = 3,
}
