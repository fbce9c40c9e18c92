using System.Security.Cryptography;
using Edge.Messages.Modules;
using Microsoft.Win32.SafeHandles;

namespace Edge.Node.Storage;

/// <summary>What became of bytes that were handed in.</summary>
public abstract record BlobOutcome
{
    private BlobOutcome()
    {
    }

    /// <summary>They are on stable storage under their digest.</summary>
    /// <param name="WasThere">They were before.</param>
    public sealed record Stored(bool WasThere) : BlobOutcome;

    /// <summary>They are not; nothing is left of them.</summary>
    /// <param name="Problem">Why they were refused.</param>
    /// <param name="Message">For people: what failed, what is allowed, what to do.</param>
    public sealed record Refused(BlobProblem Problem, string Message) : BlobOutcome;
}

/// <summary>Why bytes were refused.</summary>
public enum BlobProblem
{
    /// <summary>They are others than the digest says.</summary>
    WrongDigest,

    /// <summary>They are too many.</summary>
    TooLarge,

    /// <summary>The disk, or the part of it that modules may have, is full.</summary>
    NoRoom,
}

/// <summary>
/// The bytes of modules in the data folder, each file named by its digest: verified when they come, written beside and renamed, so a file under a digest has exactly these bytes. Bounded:
/// one module by <see cref="BytesMax"/>, all together by the cap; what no resource names any more goes with <see cref="Sweep"/>. Thread-safe; one process (the data folder's lock).
/// </summary>
public sealed class ModuleBlobs
{
    /// <summary>Most bytes of one module: 64 MiB.</summary>
    public const long BytesMax = 64L << 20;

    /// <summary>Most bytes of all modules together, unless the caller says otherwise: 4 GiB.</summary>
    public const long DefaultCapBytes = 4L << 30;

    private const string Unfinished = ".part";

    private readonly string _folder;
    private readonly long _capBytes;

    private ModuleBlobs(string folder, long capBytes) => (_folder, _capBytes) = (folder, capBytes);

    /// <summary>Opens the folder: makes it, and removes what a crash left unfinished.</summary>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static ModuleBlobs Open(string folder, long capBytes = DefaultCapBytes)
    {
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateFiles(folder, "*" + Unfinished)) File.Delete(left);
        return new ModuleBlobs(folder, capBytes);
    }

    /// <summary>Where a module's bytes are, or would be.</summary>
    public string PathOf(ModuleDigest digest) => Path.Combine(_folder, digest.Hex + ".wasm");

    /// <summary>Whether the bytes are here.</summary>
    public bool Has(ModuleDigest digest) => File.Exists(PathOf(digest));

    /// <summary>Takes bytes in.</summary>
    /// <exception cref="IOException">The disk failed, or the sender's stream did.</exception>
    public async Task<BlobOutcome> PutAsync(ModuleDigest digest, Stream bytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (Has(digest)) return new BlobOutcome.Stored(WasThere: true);
        var used = new DirectoryInfo(_folder).EnumerateFiles().Sum(file => file.Length);
        if (used + BytesMax > _capBytes)
            return new BlobOutcome.Refused(BlobProblem.NoRoom, $"The modules on this node have {used >> 20} MiB of {_capBytes >> 20} MiB; one more of up to {BytesMax >> 20} MiB might not fit. Delete Modules that nobody uses.");
        var path = Path.Combine(_folder, $"{digest.Hex}-{Guid.NewGuid():n}{Unfinished}");
        try
        {
            var refused = await WriteAsync(path, digest, bytes, cancellation);
            if (refused is not null) return refused;
            StableStorage.Rename(path, PathOf(digest));
            return new BlobOutcome.Stored(WasThere: false);
        }
        catch (IOException full) when (StableStorage.IsOutOfRoom(full))
        {
            return new BlobOutcome.Refused(BlobProblem.NoRoom, "The disk of this node's data folder is full. Free some space, then upload the module again.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes the bytes that nothing names and that were handed in before a moment (an upload comes before the resource that names it). Returns how many went.</summary>
    public int Sweep(IReadOnlySet<ModuleDigest> named, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(named);
        var gone = 0;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*.wasm"))
        {
            if (named.Contains(new ModuleDigest(Path.GetFileNameWithoutExtension(file.Name))) || file.LastWriteTimeUtc >= before.UtcDateTime) continue;
            file.Delete();
            gone++;
        }
        return gone;
    }

    // Null: they are all there, on stable storage under the unfinished name.
    private static async Task<BlobOutcome.Refused?> WriteAsync(string path, ModuleDigest digest, Stream bytes, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[64 << 10];
        long length = 0;
        for (int read; (read = await bytes.ReadAsync(buffer, cancellation)) > 0; length += read)
        {
            if (length + read > BytesMax)
                return new(BlobProblem.TooLarge, $"The module is larger than {BytesMax >> 20} MiB, the most that is allowed. Build it without debug information.");
            hash.AppendData(buffer, 0, read);
            await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), length, cancellation);
        }
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != digest.Hex)
            return new(BlobProblem.WrongDigest, $"The {length} bytes have the digest sha256:{found}, not {digest}. Compute the digest of the very bytes that are sent, and send all of them.");
        StableStorage.SyncContent(file, path);
        return null;
    }
}
