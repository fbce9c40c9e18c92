using System.Buffers.Binary;
using Edge.Wasm.Instances;

namespace Edge.Wasm.Wasi;

/// <summary>Results that WASI writes through pointers. A pointer outside the memory ends the call; the errno is then of no account.</summary>
internal static class GuestMemoryWrites
{
    public static Errno Store32(this GuestContext guest, int pointer, uint value)
    {
        if (!guest.TrySlice(pointer, sizeof(uint), out var target)) return Errno.Fault;
        BinaryPrimitives.WriteUInt32LittleEndian(target, value);
        return Errno.Success;
    }

    public static Errno Store64(this GuestContext guest, int pointer, ulong value)
    {
        if (!guest.TrySlice(pointer, sizeof(ulong), out var target)) return Errno.Fault;
        BinaryPrimitives.WriteUInt64LittleEndian(target, value);
        return Errno.Success;
    }
}
