using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary>
/// The system calls below WASI's files, relative to open folders. Paths are opened by <c>openat2</c> with <c>RESOLVE_BENEATH</c>, so that the kernel itself refuses
/// whatever leaves the folder (<c>..</c>, absolute paths, links), without a race between check and use. Linux 5.6 or later.
/// </summary>
internal static unsafe partial class LinuxFiles
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Truncate = 0x200;
    public const int Append = 0x400;
    public const int NonBlocking = 0x800;
    public const int DataSync = 0x1000;
    public const int Sync = 0x101000;
    public const int PathOnly = 0x200000;
    public const int AtRemoveFolder = 0x200;

    private const int CloseOnExec = 0x80000;
    private const int NoTerminal = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const int AtNoFollow = 0x100;
    private const uint StatxBasic = 0x7FF;
    private const long OpenAt2Number = 437; // Of all architectures.
    private const ulong ResolveBeneath = 0x08;
    private const ulong ResolveNoMagicLinks = 0x02;
    private const int RaceRetries = 16;

    // O_DIRECTORY and O_NOFOLLOW are swapped about on arm.
    public static int Directory { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Opens a path below <paramref name="folder"/>. Null with Linux's error; <see cref="LinuxErrno.Exdev"/> when the path leaves the folder.</summary>
    public static SafeFileHandle? OpenBeneath(SafeFileHandle folder, string path, int flags, out int error)
    {
        var how = new OpenHow
        {
            Flags = (ulong)(uint)(flags | CloseOnExec | NoTerminal),
            Mode = (flags & Create) != 0 ? 0x1B6u /* rw-rw-rw-, less the umask */ : 0,
            Resolve = ResolveBeneath | ResolveNoMagicLinks,
        };
        // O_PATH admits no other flag than these two.
        if ((flags & PathOnly) != 0) how.Flags &= (ulong)(uint)(PathOnly | CloseOnExec | Directory | NoFollow);
        for (var attempt = 0; ; attempt++)
        {
            var descriptor = OpenAt2(OpenAt2Number, folder, path, &how, (nuint)sizeof(OpenHow));
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (descriptor >= 0) return new SafeFileHandle((nint)descriptor, ownsHandle: true);
            // A rename elsewhere in the tree makes the kernel unsure whether the path left the folder: it asks to try again.
            if (error is not (LinuxErrno.Eagain or LinuxErrno.Eintr) || attempt == RaceRetries) return null;
        }
    }

    /// <summary>Opens a folder by its full host path, for the root of a tenant.</summary>
    public static SafeFileHandle? OpenRoot(string path, out int error)
    {
        var descriptor = Open(path, ReadOnly | Directory | CloseOnExec);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public static bool TryStat(SafeFileHandle file, out Statx stat)
    {
        fixed (Statx* result = &stat) return StatxCall(file, "", AtEmptyPath | AtNoFollow, StatxBasic, result) == 0;
    }

    public static nint Read(SafeFileHandle file, Span<byte> buffer, long? offset)
    {
        fixed (byte* bytes = buffer)
            return offset is { } at ? PRead(file, bytes, (nuint)buffer.Length, at) : Read(file, bytes, (nuint)buffer.Length);
    }

    public static nint Write(SafeFileHandle file, ReadOnlySpan<byte> data, long? offset)
    {
        fixed (byte* bytes = data)
            return offset is { } at ? PWrite(file, bytes, (nuint)data.Length, at) : Write(file, bytes, (nuint)data.Length);
    }

    public static nint ReadEntries(SafeFileHandle folder, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer) return GetEntries(GetEntriesNumber, folder, bytes, (nuint)buffer.Length);
    }

    public static nint ReadLink(SafeFileHandle link, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer) return ReadLinkAt(link, "", bytes, (nuint)buffer.Length);
    }

    public static int SetTimes(SafeFileHandle folder, string name, ReadOnlySpan<FileTime> times)
    {
        fixed (FileTime* both = times) return UTimesAt(folder, name, both, AtNoFollow);
    }

    public static int SetTimes(SafeFileHandle file, ReadOnlySpan<FileTime> times)
    {
        fixed (FileTime* both = times) return FUTimes(file, both);
    }

    private static long GetEntriesNumber { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 61 : 217;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenAt2(long number, SafeFileHandle folder, string path, OpenHow* how, nuint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint GetEntries(long number, SafeFileHandle folder, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCall(SafeFileHandle folder, string path, int flags, uint mask, Statx* result);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint PRead(SafeFileHandle file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint PWrite(SafeFileHandle file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Resize(SafeFileHandle file, long size);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int SyncAll(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncContent(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(SafeFileHandle folder, string name, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Remove(SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(SafeFileHandle from, string name, SafeFileHandle to, string newName);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(SafeFileHandle from, string name, SafeFileHandle to, string newName, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SymbolicLink(string target, SafeFileHandle folder, string name);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLinkAt(SafeFileHandle folder, string name, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UTimesAt(SafeFileHandle folder, string name, FileTime* times, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int FUTimes(SafeFileHandle file, FileTime* times);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
