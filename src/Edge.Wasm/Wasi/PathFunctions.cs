using System.Runtime.InteropServices;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;
using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary>
/// What is asked of a path below a granted folder. A path that leaves it gets <see cref="Errno.Notcapable"/>, a change below a read-only one
/// <see cref="Errno.Rofs"/>; both are counted as denials.
/// </summary>
internal static class PathFunctions
{
    private const uint FolderMode = 0x1FF; // rwxrwxrwx, less the umask

    public static Errno Stat(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        using var file = OpenHere(guest, args[0].I32, args[2].I32, args[3].I32, LinuxFiles.PathOnly | NoFollow(args[1].I32), false, out var errno);
        return file is null ? errno : Filestat.Store(guest, file, args[4].I32);
    }

    public static Errno ReadLink(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        using var link = OpenHere(guest, args[0].I32, args[1].I32, args[2].I32, LinuxFiles.PathOnly | LinuxFiles.NoFollow, false, out var errno);
        if (link is null) return errno;
        // Linux says ENOENT for what is no link when it is asked through an open descriptor.
        if (LinuxFiles.TryStat(link, out var stat) && stat.Type != FileType.SymbolicLink) return Errno.Inval;
        if (!guest.TrySlice(args[3].I32, args[4].I32, out var buffer)) return Errno.Fault;
        if (buffer.IsEmpty) return guest.Store32(args[5].I32, 0);
        var length = LinuxFiles.ReadLink(link, buffer);
        return length < 0 ? LastError(guest) : guest.Store32(args[5].I32, (uint)length);
    }

    public static Errno SetTimes(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (!FileTimes.TryRead(args[4].I64, args[5].I64, args[6].I32, out var times)) return Errno.Inval;
        if (NoFollow(args[1].I32) == 0)
        {
            using var file = OpenHere(guest, args[0].I32, args[2].I32, args[3].I32, LinuxFiles.ReadOnly | LinuxFiles.NonBlocking, true, out var errno);
            return file is null ? errno : Outcome(guest, LinuxFiles.SetTimes(file, times));
        }
        using var parent = OpenParent(guest, args[0].I32, args[2].I32, args[3].I32, out var name, out var refused);
        return parent is null ? refused : Outcome(guest, LinuxFiles.SetTimes(parent, name, times));
    }

    public static Errno CreateFolder(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        using var parent = OpenParent(guest, args[0].I32, args[1].I32, args[2].I32, out var name, out var errno);
        return parent is null ? errno : Outcome(guest, LinuxFiles.MakeFolder(parent, name, FolderMode));
    }

    public static Errno RemoveFolder(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Remove(guest, args, LinuxFiles.AtRemoveFolder);

    public static Errno RemoveFile(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Remove(guest, args, 0);

    public static Errno Rename(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        using var from = OpenParent(guest, args[0].I32, args[1].I32, args[2].I32, out var name, out var errno);
        if (from is null) return errno;
        using var to = OpenParent(guest, args[3].I32, args[4].I32, args[5].I32, out var newName, out errno);
        return to is null ? errno : Outcome(guest, LinuxFiles.Rename(from, name, to, newName));
    }

    /// <summary>Both ends must be writable: a second name below a writable folder would make a read-only file writable.</summary>
    public static Errno Link(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (NoFollow(args[1].I32) == 0) return Errno.Inval;
        using var from = OpenParent(guest, args[0].I32, args[2].I32, args[3].I32, out var name, out var errno);
        if (from is null) return errno;
        using var to = OpenParent(guest, args[4].I32, args[5].I32, args[6].I32, out var newName, out errno);
        return to is null ? errno : Outcome(guest, LinuxFiles.Link(from, name, to, newName, 0));
    }

    /// <summary>A link that, as written, leaves the granted folder is refused: this host would not follow it, but other programs might.</summary>
    public static Errno SymbolicLink(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (!BeneathPath.TryRead(guest, args[0].I32, args[1].I32, out var target, out var errno)) return errno;
        if (!BeneathPath.TryRead(guest, args[3].I32, args[4].I32, out var path, out errno)) return errno;
        using var parent = OpenParent(guest, args[2].I32, args[3].I32, args[4].I32, out var name, out errno);
        if (parent is null) return errno;
        if (BeneathPath.Escapes(target, BeneathPath.Depth(BeneathPath.Split(path).Parent))) return Refused(guest, LinuxErrno.Exdev);
        return Outcome(guest, LinuxFiles.SymbolicLink(target, parent, name));
    }

    /// <summary>The errno for Linux's <paramref name="error"/>; leaving the folder is counted.</summary>
    public static Errno Refused(GuestContext guest, int error)
    {
        if (error != LinuxErrno.Exdev) return LinuxErrno.ToWasi(error);
        guest.Denied("fs");
        return Errno.Notcapable;
    }

    /// <summary>A change below a read-only grant.</summary>
    public static Errno ReadOnly(GuestContext guest)
    {
        guest.Denied("fs");
        return Errno.Rofs;
    }

    private static Errno Remove(GuestContext guest, ReadOnlySpan<ValueRaw> args, int flags)
    {
        using var parent = OpenParent(guest, args[0].I32, args[1].I32, args[2].I32, out var name, out var errno);
        return parent is null ? errno : Outcome(guest, LinuxFiles.Remove(parent, name, flags));
    }

    private static int NoFollow(int lookupFlags) => (lookupFlags & 1) == 0 ? LinuxFiles.NoFollow : 0;

    private static SafeFileHandle? OpenHere(GuestContext guest, int number, int pointer, int length, int flags, bool change, out Errno errno)
    {
        if (Folder(guest, number, change, out errno) is not { } folder || !BeneathPath.TryRead(guest, pointer, length, out var path, out errno)) return null;
        var file = LinuxFiles.OpenBeneath(folder.Handle, path, flags, out var error);
        if (file is null) errno = Refused(guest, error);
        return file;
    }

    /// <summary>For a change of the folder that holds the path's last name.</summary>
    private static SafeFileHandle? OpenParent(GuestContext guest, int number, int pointer, int length, out string name, out Errno errno)
    {
        name = "";
        if (Folder(guest, number, true, out errno) is not { } folder || !BeneathPath.TryRead(guest, pointer, length, out var path, out errno)) return null;
        var parent = BeneathPath.OpenParent(folder.Handle, path, out name, out var error);
        if (parent is null) errno = Refused(guest, error);
        return parent;
    }

    private static OpenFolder? Folder(GuestContext guest, int number, bool change, out Errno errno)
    {
        var descriptor = guest.Wasi.Descriptors[number];
        errno = descriptor is null ? Errno.Badf : Errno.Notdir;
        if (descriptor is not OpenFolder folder) return null;
        if (!change || folder.Writable) return folder;
        errno = ReadOnly(guest);
        return null;
    }

    private static Errno Outcome(GuestContext guest, int result) => result < 0 ? LastError(guest) : Errno.Success;

    private static Errno LastError(GuestContext guest) => Refused(guest, Marshal.GetLastPInvokeError());
}
