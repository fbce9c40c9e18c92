using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Edge.Cluster.Raft;

/// <summary>
/// A small file that is there whole or not at all: written beside its place, flushed, renamed over it, and the folder flushed. It begins with a magic, its length and a SHA-256 of the content, so that a
/// torn or rotten one is told apart from a good one.
/// </summary>
internal static partial class StableFile
{
    private const int HeaderBytes = 8 + 8 + 32;

    /// <summary>The bytes of such a file.</summary>
    public static byte[] Pack(ulong magic, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[HeaderBytes + content.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, magic);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), content.Length);
        SHA256.HashData(content, bytes.AsSpan(16, 32));
        content.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }

    /// <summary>The content of such bytes, or null with the reason why it cannot be trusted.</summary>
    public static ArraySegment<byte>? Unpack(byte[] bytes, ulong magic, string name, out string trouble)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt64BigEndian(bytes) != magic)
        {
            trouble = $"{name} does not begin as such a file does ({bytes.Length} bytes)";
            return null;
        }
        var content = bytes.AsSpan(HeaderBytes);
        var length = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8));
        if (content.Length != length || !SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(16, 32)))
        {
            trouble = $"{name} has {content.Length} of {length} bytes or a wrong checksum";
            return null;
        }
        trouble = "";
        return new ArraySegment<byte>(bytes, HeaderBytes, content.Length);
    }

    /// <summary>Replaces the file. When this returns, the new content survives a power cut.</summary>
    public static void Write(string path, ulong magic, ReadOnlySpan<byte> content) => WritePacked(path, Pack(magic, content));

    /// <summary>The same with bytes that are packed already.</summary>
    public static void WritePacked(string path, ReadOnlySpan<byte> packed)
    {
        var aside = path + ".new";
        using (var file = File.OpenHandle(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, packed, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(aside, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>The content, or null with the reason why it cannot be trusted.</summary>
    public static ArraySegment<byte>? Read(string path, ulong magic, out string trouble) => Unpack(File.ReadAllBytes(path), magic, path, out trouble);

    /// <summary>Makes creations, renames and removals in a folder durable.</summary>
    public static void FlushFolder(string path)
    {
        using var folder = new SafeFileHandle(Open(path, 0), ownsHandle: true);
        if (folder.IsInvalid || Flush(folder) != 0)
        {
            throw new IOException($"Folder {path} could not be flushed (errno {Marshal.GetLastPInvokeError()}). Check the disk.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(SafeFileHandle file);
}
