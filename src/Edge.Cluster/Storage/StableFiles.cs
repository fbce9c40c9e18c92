using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Edge.Cluster.Storage;

/// <summary>
/// Replaces files so that a power cut leaves the old content or the new: new file, sync, rename, sync of the folder (.NET opens no folders, hence the system calls).
/// Failures are <see cref="IOException"/>s that name call and path.
/// </summary>
internal static partial class StableFiles
{
    private const int CloseOnExec = 0x80000 /* O_RDONLY | O_CLOEXEC */;
    private const int Interrupted = 4 /* EINTR */;

    /// <summary>Replaces a file, or makes it. One caller for one path at a time.</summary>
    public static void Replace(string path, params ReadOnlySpan<ReadOnlyMemory<byte>> content)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var file = new FileStream(fresh, options))
        {
            foreach (var piece in content)
                file.Write(piece.Span);
            Sync(file.SafeFileHandle, fresh);
        }
        File.Move(fresh, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes creations, renames and removals in a folder durable.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = Open(folder, CloseOnExec);
        if (descriptor < 0)
            throw Failure("open", folder, Marshal.GetLastPInvokeError());
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Sync(handle, folder);
    }

    private static void Sync(SafeFileHandle file, string path)
    {
        while (FSync(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            // An interrupted sync has reported nothing yet; any other error may have dropped the pages and must not be asked again.
            if (error != Interrupted)
                throw Failure("fsync", path, error);
        }
    }

    private static IOException Failure(string call, string path, int error) => new($"{call} failed: {path}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).", error);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
