using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

// Values that name something inside a store (wasmtime/extern.h, instance.h). They own nothing and die with the store; the layouts are Wasmtime's.

/// <summary><c>wasmtime_func_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WasmFunc
{
    public ulong StoreId;
    public nint Private;

    /// <summary>No real function has store 0.</summary>
    public readonly bool IsNull => StoreId == 0;
}

/// <summary><c>wasmtime_memory_t</c>: the inner struct is padded to 16 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct WasmMemory
{
    [FieldOffset(0)] public ulong StoreId;
    [FieldOffset(8)] public uint Private1;
    [FieldOffset(16)] public uint Private2;
}

/// <summary><c>wasmtime_instance_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WasmInstance
{
    public ulong StoreId;
    public nuint Private;
}

/// <summary><c>wasmtime_extern_t</c>: a tag and a union of the above.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct WasmExtern
{
    [FieldOffset(0)] public ExternKind Kind;
    [FieldOffset(8)] public WasmFunc Func;
    [FieldOffset(8)] public WasmMemory Memory;
}

/// <summary><c>wasmtime_extern_kind_t</c>, which numbers its first four as <c>wasm_externkind_t</c> does.</summary>
internal enum ExternKind : byte
{
    Func = 0,
    Global = 1,
    Table = 2,
    Memory = 3,
}

/// <summary><c>wasm_byte_vec_t</c> and all other vectors of wasm.h: a count and a pointer, owned by Wasmtime.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WasmVector
{
    public nuint Count;
    public nint* Items;

    /// <summary>The bytes, where this is a vector of bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes => new(Items, checked((int)Count));
}
