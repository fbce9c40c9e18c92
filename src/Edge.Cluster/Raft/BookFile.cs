using System.IO.Compression;
using Edge.Cluster.Book;
using Edge.Cluster.Storage;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Raft;

/// <summary>
/// The whole book in one file: a backup, and a snapshot in a log folder. Compressed, with a SHA-256, written so that it is there whole or not at all.
/// </summary>
public static class BookFile
{
    private const ulong Magic = 0x45444745_424F4F4B; // EDGEBOOK

    /// <summary>Writes the book; when this returns, the file survives a power cut.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Write(string path, BookState state) => StableFiles.Replace(Path.GetFullPath(path), Pack(state));

    /// <summary>Reads a book, or says why the file cannot be trusted.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static BookFileReading Read(string path) => Unpack(File.ReadAllBytes(path), path);

    /// <summary>The bytes of such a file.</summary>
    public static byte[] Pack(BookState state)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            BookSnapshots.Write(state).WriteTo(brotli);
        }
        return CheckedFile.Pack(Magic, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }

    /// <summary>The book of such bytes, or why they cannot be trusted; <paramref name="name"/> stands in the reason.</summary>
    public static BookFileReading Unpack(byte[] bytes, string name)
    {
        if (CheckedFile.Unpack(bytes, Magic, name, out var trouble) is not { } content)
        {
            return new BookFileReading.Damaged(trouble);
        }
        using var brotli = new BrotliStream(new MemoryStream(content.Array!, content.Offset, content.Count), CompressionMode.Decompress);
        return new BookFileReading.Whole(BookSnapshots.Read(BookSnapshot.Parser.ParseFrom(brotli)));
    }
}

/// <summary>What a book file holds.</summary>
public abstract record BookFileReading
{
    private BookFileReading()
    {
    }

    /// <summary>The book.</summary>
    public sealed record Whole(BookState State) : BookFileReading;

    /// <summary>The file is torn, changed or of another kind; the reason names it.</summary>
    public sealed record Damaged(string Reason) : BookFileReading;
}
