using System.Buffers.Binary;
using Edge.Wasm.Instances;
using Microsoft.Win32.SafeHandles;
using System.Runtime.InteropServices;

namespace Edge.Wasm.Wasi;

/// <summary>WASI's <c>filestat</c>, 64 bytes.</summary>
internal static class Filestat
{
    private const int Size = 64;

    /// <summary>Of an open file or folder.</summary>
    public static Errno Store(GuestContext guest, SafeFileHandle file, int pointer)
    {
        if (!LinuxFiles.TryStat(file, out var stat)) return LinuxErrno.ToWasi(Marshal.GetLastPInvokeError());
        if (!guest.TrySlice(pointer, Size, out var target)) return Errno.Fault;
        Write(target, stat);
        return Errno.Success;
    }

    /// <summary>Of a stream: its kind and nothing else.</summary>
    public static Errno Store(GuestContext guest, FileType type, int pointer)
    {
        if (!guest.TrySlice(pointer, Size, out var target)) return Errno.Fault;
        target.Clear();
        target[16] = (byte)type;
        return Errno.Success;
    }

    private static void Write(Span<byte> target, in Statx stat)
    {
        target.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target, ((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], stat.Inode);
        target[16] = (byte)stat.Type;
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], stat.Links);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], stat.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], stat.Accessed.ToNanoseconds());
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], stat.Modified.ToNanoseconds());
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], stat.Changed.ToNanoseconds());
    }
}
