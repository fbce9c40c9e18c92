using System.Runtime.InteropServices;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;
using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary>What is asked of an open file or folder: size, times, syncing.</summary>
internal static class FileFunctions
{
    /// <summary>Advice changes nothing here.</summary>
    public static Errno Advise(GuestContext guest, ReadOnlySpan<ValueRaw> args) => guest.Wasi.Descriptors[args[0].I32] switch
    {
        null => Errno.Badf,
        OpenFile => args[3].I32 is >= 0 and <= 5 ? Errno.Success : Errno.Inval,
        _ => Errno.Spipe,
    };

    /// <summary>Reserving space would let a guest fill the disk in one call; the specification has given it up too.</summary>
    public static Errno Allocate(GuestContext guest, ReadOnlySpan<ValueRaw> args) => guest.Wasi.Descriptors[args[0].I32] is null ? Errno.Badf : Errno.Notsup;

    public static Errno Sync(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Handle(guest, args[0].I32) is { } file ? Outcome(LinuxFiles.SyncAll(file)) : Errno.Badf;

    public static Errno SyncContent(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Handle(guest, args[0].I32) is { } file ? Outcome(LinuxFiles.SyncContent(file)) : Errno.Badf;

    public static Errno Stat(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (Handle(guest, args[0].I32) is { } file) return Filestat.Store(guest, file, args[1].I32);
        return guest.Wasi.Descriptors[args[0].I32] is { } stream ? Filestat.Store(guest, stream.Type, args[1].I32) : Errno.Badf;
    }

    public static Errno SetSize(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (guest.Wasi.Descriptors[args[0].I32] is not OpenFile file) return Errno.Badf;
        if (args[1].I64 < 0) return Errno.Inval;
        return file.Writable ? Outcome(LinuxFiles.Resize(file.Handle, args[1].I64)) : Errno.Badf;
    }

    public static Errno SetTimes(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var descriptor = guest.Wasi.Descriptors[args[0].I32];
        if (!FileTimes.TryRead(args[1].I64, args[2].I64, args[3].I32, out var times)) return Errno.Inval;
        return descriptor switch
        {
            OpenFile { Writable: true } file => Outcome(LinuxFiles.SetTimes(file.Handle, times)),
            OpenFolder { Writable: true } folder => Outcome(LinuxFiles.SetTimes(folder.Handle, times)),
            OpenFile or OpenFolder => PathFunctions.ReadOnly(guest),
            _ => Errno.Badf,
        };
    }

    public static Errno Outcome(int result) => result < 0 ? LinuxErrno.ToWasi(Marshal.GetLastPInvokeError()) : Errno.Success;

    private static SafeFileHandle? Handle(GuestContext guest, int number) => guest.Wasi.Descriptors[number] switch
    {
        OpenFile file => file.Handle,
        OpenFolder folder => folder.Handle,
        _ => null,
    };
}

/// <summary>WASI's <c>fstflags</c> and two times, as Linux takes them.</summary>
internal static class FileTimes
{
    private const int Access = 1, AccessNow = 2, Modify = 4, ModifyNow = 8;

    /// <summary>False when a time is asked both ways or an unknown flag is set.</summary>
    public static bool TryRead(long accessed, long modified, int flags, out FileTime[] times)
    {
        times = [One(accessed, flags & Access, flags & AccessNow), One(modified, flags & Modify, flags & ModifyNow)];
        return (flags & ~(Access | AccessNow | Modify | ModifyNow)) == 0 && (flags & (Access | AccessNow)) != (Access | AccessNow) &&
            (flags & (Modify | ModifyNow)) != (Modify | ModifyNow);
    }

    private static FileTime One(long nanoseconds, int given, int now) =>
        now != 0 ? FileTime.Now : given != 0 ? FileTime.At((ulong)nanoseconds) : FileTime.Unchanged;
}
