using Edge.Wasm.Instances;
using Edge.Wasm.Native;
using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary><c>path_open</c>: regular files and folders below a granted folder, nothing else (a pipe or device that someone left there could block).</summary>
internal static class OpenFunction
{
    public static Errno Open(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var (follow, open, rights, flags) = (args[1].I32 & 1, (OpenFlags)args[4].I32, (Rights)args[5].I64, (DescriptorFlags)args[7].I32);
        if (guest.Wasi.Descriptors[args[0].I32] is not { } start) return Errno.Badf;
        if (start is not OpenFolder folder) return Errno.Notdir;
        if (!BeneathPath.TryRead(guest, args[2].I32, args[3].I32, out var path, out var errno)) return errno;
        if ((open & ~OpenFlags.All) != 0 || (flags & ~DescriptorFlags.All) != 0) return Errno.Inval;

        var write = (rights & Rights.AsksToWrite) != 0 && (open & OpenFlags.Directory) == 0;
        var read = (rights & Rights.Read) != 0 || !write;
        if (!folder.Writable && (write || (open & (OpenFlags.Create | OpenFlags.Truncate)) != 0)) return PathFunctions.ReadOnly(guest);

        var system = SystemFlags(open, flags, read, write) | (follow == 0 ? LinuxFiles.NoFollow : 0);
        var handle = LinuxFiles.OpenBeneath(folder.Handle, path, system, out var error);
        if (handle is null) return PathFunctions.Refused(guest, error);
        return Keep(guest, handle, folder.Writable, read, write, flags, args[8].I32);
    }

    internal static int SystemFlags(OpenFlags open, DescriptorFlags flags, bool read, bool write) =>
        (write ? read ? LinuxFiles.ReadWrite : LinuxFiles.WriteOnly : LinuxFiles.ReadOnly) | LinuxFiles.NonBlocking |
        ((open & OpenFlags.Create) != 0 ? LinuxFiles.Create : 0) |
        ((open & OpenFlags.Exclusive) != 0 ? LinuxFiles.Exclusive : 0) |
        ((open & OpenFlags.Truncate) != 0 ? LinuxFiles.Truncate : 0) |
        ((open & OpenFlags.Directory) != 0 ? LinuxFiles.Directory : 0) |
        ((flags & DescriptorFlags.Append) != 0 ? LinuxFiles.Append : 0) |
        ((flags & DescriptorFlags.DataSync) != 0 ? LinuxFiles.DataSync : 0) |
        ((flags & (DescriptorFlags.Sync | DescriptorFlags.ReadSync)) != 0 ? LinuxFiles.Sync : 0);

    private static Errno Keep(GuestContext guest, SafeFileHandle handle, bool writable, bool read, bool write, DescriptorFlags flags, int result)
    {
        LinuxFiles.TryStat(handle, out var stat);
        Descriptor? descriptor = stat.Type switch
        {
            FileType.Directory => new OpenFolder(handle, writable, null),
            FileType.RegularFile => new OpenFile(handle, read, write, flags),
            _ => null,
        };
        if (descriptor is null)
        {
            handle.Dispose();
            return Errno.Notsup;
        }
        if (!guest.Wasi.Descriptors.TryAdd(descriptor, out var number)) return Errno.Mfile;
        return guest.Store32(result, (uint)number);
    }
}
