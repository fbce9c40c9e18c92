using System.Security.Cryptography;
using System.Text;
using Edge.Messages.Modules;
using Edge.Wasm.Native;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Modules;

/// <summary>
/// Compiled modules on disk, so that a node starts in milliseconds. A file is native code, so it is mapped only if its name carries the keyed hash (HMAC-SHA256) of its bytes, its
/// module's digest and the engine's fingerprint. A file that does not fit is deleted and the module compiled anew. Files are written
/// beside and renamed, so processes may share the folder. Hash and mapping go through one open descriptor: a file that is exchanged between them is not mapped. Whoever can write
/// into an open file of this user already is this user; the folder is made for the owner alone.
/// </summary>
internal sealed partial class ModuleCache
{
    private const string Suffix = ".cwasm";

    /// <summary>A file is hashed in pieces: a Go module's compiled form has 7 MB, and read as a whole it stays in the collector's heap.</summary>
    private const int PieceBytes = 64 << 10;

    private readonly string _folder;
    private readonly byte[] _key;
    private readonly byte[] _fingerprint;
    private readonly ILogger _log;

    /// <param name="folder">Made if it is not there.</param>
    /// <param name="key">Key of the hash, 32 bytes.</param>
    /// <param name="fingerprint">Names engine settings and version.</param>
    /// <param name="log">Where failures go: the cache never fails a load.</param>
    public ModuleCache(string folder, ReadOnlyMemory<byte> key, string fingerprint, ILogger log)
    {
        if (key.Length != 32) throw new ArgumentException($"The cache key has {key.Length} bytes; 32 are needed.", nameof(key));
        _folder = folder;
        _key = key.ToArray();
        _fingerprint = Encoding.UTF8.GetBytes(fingerprint);
        _log = log;
        MakeFolder();
    }

    /// <summary>The compiled form, mapped; null if there is none that can be trusted.</summary>
    public CodeHandle? TryMap(EngineHandle engine, ModuleDigest digest)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(_folder, Prefix(digest) + "*" + Suffix))
            {
                if (TryMap(engine, path, digest) is { } module) return module;
                File.Delete(path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogReadFailed(_log, failure.Message);
        }

        return null;
    }

    /// <summary>Keeps the compiled form. A failure is logged and costs a compilation at the next start.</summary>
    public void Add(ModuleDigest digest, ReadOnlySpan<byte> compiled)
    {
        var path = Path.Combine(_folder, NameOf(digest, compiled));
        var draft = Path.Combine(_folder, $"{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write, preallocationSize: compiled.Length))
            {
                RandomAccess.Write(file, compiled, 0);
                // Without this a power cut could leave the name without the bytes; the hash would tell, but the work would be lost.
                RandomAccess.FlushToDisk(file);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogWriteFailed(_log, failure.Message);
            TryDelete(draft);
        }
    }

    private void MakeFolder()
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_folder);
            else Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogWriteFailed(_log, failure.Message);
        }
    }

    private unsafe CodeHandle? TryMap(EngineHandle engine, string path, ModuleDigest digest)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!MatchesName(path, NameOf(digest, file)))
        {
            LogDistrusted(_log, path);
            return null;
        }

        nint module;
        // The descriptor, not the path: what was hashed is what is mapped.
        var mapped = OperatingSystem.IsLinux() ? $"/proc/self/fd/{file.DangerousGetHandle()}" : path;
        var error = WasmtimeApi.ModuleDeserializeFile(engine.DangerousGetHandle(), mapped, &module);
        if (error == 0) return new(module);
        LogUnfit(_log, path, NativeFailure.TakeError(error).Cause);
        return null;
    }

    private static bool MatchesName(string path, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Path.GetFileName(path)), Encoding.UTF8.GetBytes(expected));

    private string NameOf(ModuleDigest digest, ReadOnlySpan<byte> compiled)
    {
        using var hash = HashOf(digest);
        hash.AppendData(compiled);
        return NameOf(digest, hash);
    }

    private string NameOf(ModuleDigest digest, SafeFileHandle compiled)
    {
        using var hash = HashOf(digest);
        var piece = new byte[PieceBytes];
        long position = 0;
        while (RandomAccess.Read(compiled, piece, position) is > 0 and var got)
        {
            hash.AppendData(piece, 0, got);
            position += got;
        }

        return NameOf(digest, hash);
    }

    private string NameOf(ModuleDigest digest, IncrementalHash hash) => $"{Prefix(digest)}{Convert.ToHexStringLower(hash.GetHashAndReset())}{Suffix}";

    private IncrementalHash HashOf(ModuleDigest digest)
    {
        var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes(digest.Hex));
        hash.AppendData(_fingerprint);
        return hash;
    }

    /// <summary>Digest and settings, shortened; what they name in full is under the hash.</summary>
    private string Prefix(ModuleDigest digest) => $"{digest.Hex[..32]}-{Convert.ToHexStringLower(SHA256.HashData(_fingerprint)[..8])}-";

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The draft stays; nothing reads *.tmp.
        }
    }

    [LoggerMessage(1001, LogLevel.Warning, "The compiled module {Path} is damaged or foreign; the module is compiled anew")]
    private static partial void LogDistrusted(ILogger log, string path);

    [LoggerMessage(1002, LogLevel.Warning, "The compiled module {Path} does not fit this engine and is compiled anew: {Reason}")]
    private static partial void LogUnfit(ILogger log, string path, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "The module cache cannot be read; modules are compiled anew: {Reason}")]
    private static partial void LogReadFailed(ILogger log, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "A compiled module cannot be kept; it is compiled again at the next start: {Reason}")]
    private static partial void LogWriteFailed(ILogger log, string reason);
}
