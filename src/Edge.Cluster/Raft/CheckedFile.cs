using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Cluster.Storage;

namespace Edge.Cluster.Raft;

/// <summary>
/// A file that begins with a magic, its length and a SHA-256 of the content, so that a torn or rotten one is told apart from a good one. Replaced whole or not at all.
/// </summary>
internal static class CheckedFile
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
    public static void Write(string path, ulong magic, ReadOnlySpan<byte> content) => StableFiles.Replace(path, Pack(magic, content));

    /// <summary>The content, or null with the reason why it cannot be trusted.</summary>
    public static ArraySegment<byte>? Read(string path, ulong magic, out string trouble) => Unpack(File.ReadAllBytes(path), magic, path, out trouble);
}
