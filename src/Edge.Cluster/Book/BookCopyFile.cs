using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Cluster.Storage;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Book;

/// <summary>
/// A follower's last copy of the book on disk: magic, version, length and SHA-256 before a <see cref="BookSnapshot"/>. Replaced whole and synced, so that a crash at any point leaves the copy
/// before or the one after. One writer at a time.
/// </summary>
/// <param name="path">The file; its folder must exist.</param>
public sealed class BookCopyFile(string path)
{
    private const int HeaderBytes = 8 + 4 + 8 + 32;
    private const int LayoutVersion = 1;

    private static ReadOnlySpan<byte> Magic => "EDGEBOOK"u8;

    /// <summary>Reads the copy.</summary>
    /// <exception cref="BookFormatException">It was kept by a newer program: this one cannot run on this data folder.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public BookCopy Read()
    {
        if (!File.Exists(path))
            return new BookCopy.Missing();
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.Length < HeaderBytes || !bytes[..8].SequenceEqual(Magic))
            return Damaged("it does not begin as one");
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) is var version && version != LayoutVersion)
            return Damaged($"its layout has version {version}; this program reads version {LayoutVersion}");
        var content = bytes[HeaderBytes..];
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]) is var length && length != content.Length)
            return Damaged($"it should hold {length} bytes and holds {content.Length}");
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes[20..HeaderBytes]))
            return Damaged("its checksum does not fit its content");
        try
        {
            return new BookCopy.Kept(BookSnapshots.Read(BookSnapshot.Parser.ParseFrom(content)));
        }
        catch (InvalidProtocolBufferException error)
        {
            return Damaged(error.Message);
        }
    }

    /// <summary>Replaces the copy; on stable storage when this returns.</summary>
    /// <exception cref="IOException">The disk is full or failed; the copy before is still there.</exception>
    public void Write(BookState state)
    {
        var content = BookSnapshots.Write(state).ToByteArray();
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), LayoutVersion);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), content.Length);
        SHA256.HashData(content, header.AsSpan(20));
        StableFiles.Replace(path, header, content);
    }

    private BookCopy.Damaged Damaged(string why) => new($"The copy of the book in {path} is damaged: {why}. It is not used; the node takes the book from the site again.");
}
