using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Edge.Node.Storage;

/// <summary>
/// The few system calls that make bytes survive a power cut and that .NET does not offer: <c>fdatasync</c> (<c>RandomAccess.FlushToDisk</c> is
/// <c>fsync</c>), and <c>fsync</c> of a folder (<c>File.OpenHandle</c> refuses folders). Failures are <see cref="IOException"/>s.
/// </summary>
internal static partial class StableStorage
{
    private const int CloseOnExec = 0x80000 /* O_RDONLY | O_CLOEXEC */;
    private const int Interrupted = 4 /* EINTR */;

    /// <summary>Returns when the file's content, and the metadata needed to read it, is on stable storage.</summary>
    public static void SyncContent(SafeFileHandle file, string path) => Check(() => FDataSync(file), "fdatasync", path);

    /// <summary>Gives a file its size and its blocks, so that later writes need no room. .NET does it too, but does not say whether the disk was full.</summary>
    public static void Allocate(SafeFileHandle file, string path, long bytes)
    {
        if (PosixFallocate(file, 0, bytes) is not 0 and var error)
            throw Failure("posix_fallocate", path, error);
    }

    /// <summary>Returns when the names in the folder (created, renamed, removed) are on stable storage.</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = OpenUnlocked(folder);
        Check(() => FSync(handle), "fsync", folder);
    }

    /// <summary>Opens a file or folder for reading without the <c>flock</c> that .NET takes on every file it opens.</summary>
    public static SafeFileHandle OpenUnlocked(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        return descriptor < 0 ? throw Failure("open", path, Marshal.GetLastPInvokeError()) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>
    /// Replaces a small file so that after a crash either the old or the new content is there: new file, sync, rename, sync of the folder.
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = mode };
        using (var file = new FileStream(fresh, options))
        {
            file.Write(content);
            SyncContent(file.SafeFileHandle, fresh);
        }
        Rename(fresh, path);
    }

    /// <summary>Renames over <paramref name="to"/> and syncs the folder that holds both.</summary>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>True when an error says that there is no room now, as opposed to a device that fails.</summary>
    public static bool IsOutOfRoom(IOException error) => error.HResult is 28 /* ENOSPC */ or 122 /* EDQUOT */ or 27 /* EFBIG */;

    private static void Check(Func<int> call, string name, string path)
    {
        while (call() != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            // An interrupted sync has reported nothing about the pages yet; any other error may have dropped them and must not be asked again.
            if (error != Interrupted)
                throw Failure(name, path, error);
        }
    }

    private static IOException Failure(string call, string path, int error) => new($"{call} failed: {path}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).", error);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixFallocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
