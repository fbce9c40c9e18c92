using System.Security.Cryptography;
using Edge.Messages.Tenants;

namespace Edge.Node.Storage;

/// <summary>
/// The folder with everything that a node keeps: made on first use, held by one process at a time, of a known format. Every file's place is named here and nowhere else.
/// Ends with <see cref="Dispose"/>, which lets other processes in.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const int KeyBytes = 32;

    private readonly DataFolderLock _lock;

    private DataFolder(string path, DataFolderLock taken)
    {
        Path = path;
        _lock = taken;
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>Folder of the intake log.</summary>
    public string IntakeFolder => IntakeFolderOf(Path);

    /// <summary>The database of channel state.</summary>
    public string StateFile => StateFileOf(Path);

    /// <summary>Folder of compiled modules.</summary>
    public string ModuleCacheFolder => System.IO.Path.Combine(Path, "modules");

    /// <summary>Folder of what the node is in its site: identity and book.</summary>
    public string SiteFolder => System.IO.Path.Combine(Path, "site");

    /// <summary>Folder of module bytes by digest.</summary>
    public string ModuleBlobsFolder => System.IO.Path.Combine(Path, "blobs");

    /// <summary>Folder of copies of other nodes' intake logs.</summary>
    public string ReplicasFolder => System.IO.Path.Combine(Path, "replicas");

    /// <summary>Key that guards compiled modules, 32 random bytes, readable by this user alone.</summary>
    public byte[] CacheKey { get; private init; } = [];

    /// <summary>The device password file.</summary>
    public string DevicesFile => System.IO.Path.Combine(Path, "devices");

    /// <summary>Room on the folder's disk now.</summary>
    public DiskRoom Room => DiskRoom.Of(Path);

    /// <summary>Opens the folder: makes it, takes its lock, brings its format up.</summary>
    /// <exception cref="DataFolderException">It cannot be used: held by another process, read-only, full, newer than this program, or not ours.</exception>
    public static DataFolder Open(string path) => Open(path, DataFolderVersion.OfThisProgram);

    /// <summary>Root of a tenant's files.</summary>
    public string TenantFiles(TenantName tenant) => System.IO.Path.Combine(Path, "tenants", tenant.ToString(), "files");

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();

    /// <summary>Where the intake log of a data folder is.</summary>
    internal static string IntakeFolderOf(string path) => System.IO.Path.Combine(path, "intake");

    /// <summary>Where the state of a data folder is.</summary>
    internal static string StateFileOf(string path) => System.IO.Path.Combine(path, "state.db");

    /// <summary>Where the lock of a data folder is.</summary>
    internal static string LockFileOf(string path) => System.IO.Path.Combine(path, "lock");

    internal static DataFolder Open(string path, DataFolderVersion version)
    {
        path = System.IO.Path.GetFullPath(path);
        DataFolderLock? taken = null;
        try
        {
            Directory.CreateDirectory(path);
            taken = DataFolderLock.TryTake(LockFileOf(path)) ?? throw new DataFolderException(
                $"Data folder {path} is in use by {DataFolderLock.Holder(LockFileOf(path))}. One node at a time may use a data folder: stop that one, or name another folder with --data.");
            version.BringUp(path);
            return new DataFolder(path, taken) { CacheKey = ReadOrMakeKey(System.IO.Path.Combine(path, "cache.key")) };
        }
        catch (DataFolderException)
        {
            taken?.Dispose();
            throw;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            throw Unusable(path, failure);
        }
    }

    private static DataFolderException Unusable(string path, Exception failure) => failure switch
    {
        IOException full when StableStorage.IsOutOfRoom(full) => new DataFolderException(
            $"Data folder {path} cannot be used: its disk is full. A node needs {DiskRoom.LeastBytes >> 20} MiB free. Free some space, or name another folder with --data.", full),
        IOException { HResult: 30 /* EROFS */ } readOnly => new DataFolderException(
            $"Data folder {path} cannot be used: its file system is read-only. A node must write there. Remount it writable (dmesg says why it is not), or name another folder with --data.", readOnly),
        _ => new DataFolderException(
            $"Data folder {path} cannot be used: {failure.Message} The user '{Environment.UserName}' must be able to create and write files there. Change its owner (chown), or name another folder with --data.", failure),
    };

    private static byte[] ReadOrMakeKey(string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } key)
            return key;
        // A lost key costs a recompilation of each module, nothing else.
        key = RandomNumberGenerator.GetBytes(KeyBytes);
        StableStorage.Replace(path, key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }
}
