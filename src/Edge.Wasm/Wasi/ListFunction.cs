using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Wasi;

/// <summary>
/// <c>fd_readdir</c>: Linux's entries (<c>linux_dirent64</c>) as WASI's (24 bytes and the name), with Linux's own positions as cookies.
/// It reads 64 KiB at a time until the guest's buffer is full, the folder ends, or the call's deadline is due.
/// </summary>
internal static class ListFunction
{
    private const int StepBytes = 64 << 10;
    private const int HeadSize = 24;
    private const int LinuxHeadSize = 19;

    public static Errno List(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (guest.Wasi.Descriptors[args[0].I32] is not { } descriptor) return Errno.Badf;
        if (descriptor is not OpenFolder folder) return Errno.Notdir;
        if (!guest.TrySlice(args[1].I32, args[2].I32, out var target)) return Errno.Fault;
        if (LinuxFiles.Seek(folder.Handle, args[3].I64, 0) < 0) return Errno.Inval;

        var entries = new byte[StepBytes];
        var used = 0;
        // Less than a full buffer would tell the guest that the folder has ended.
        while (used < target.Length)
        {
            if (guest.Remaining == TimeSpan.Zero)
            {
                guest.Expire("fd_readdir");
                return Errno.Intr;
            }
            var read = (int)LinuxFiles.ReadEntries(folder.Handle, entries);
            if (read < 0) return LinuxErrno.ToWasi(Marshal.GetLastPInvokeError());
            if (read == 0) break;
            used += Translate(entries.AsSpan(0, read), target[used..]);
        }
        return guest.Store32(args[4].I32, (uint)used);
    }

    /// <summary>Writes entries until the target is full, cutting the last one, as the specification wants. Returns the bytes written.</summary>
    internal static int Translate(ReadOnlySpan<byte> entries, Span<byte> target)
    {
        var used = 0;
        Span<byte> head = stackalloc byte[HeadSize];
        while (!entries.IsEmpty && used < target.Length)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(entries[16..]);
            var name = entries[LinuxHeadSize..size];
            name = name[..name.IndexOf((byte)0)];
            head.Clear();
            entries.Slice(8, 8).CopyTo(head);
            entries[..8].CopyTo(head[8..]);
            BinaryPrimitives.WriteInt32LittleEndian(head[16..], name.Length);
            head[20] = (byte)TypeOf(entries[18]);
            used += CopyPart(head, target[used..]);
            used += CopyPart(name, target[used..]);
            entries = entries[size..];
        }
        return used;
    }

    private static int CopyPart(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var part = source[..Math.Min(source.Length, target.Length)];
        part.CopyTo(target);
        return part.Length;
    }

    private static FileType TypeOf(byte linux) => linux switch
    {
        2 => FileType.CharacterDevice,
        4 => FileType.Directory,
        6 => FileType.BlockDevice,
        8 => FileType.RegularFile,
        10 => FileType.SymbolicLink,
        12 => FileType.SocketStream,
        _ => FileType.Unknown,
    };
}
