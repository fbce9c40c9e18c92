using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Transport;

/// <summary>Cuts a snapshot that is larger than a message should be into parts, and puts them together again.</summary>
internal sealed class SnapshotParts
{
    /// <summary>A part's size: well below the 4 MiB that gRPC takes in by default.</summary>
    internal const int PartBytes = 1 << 20;

    /// <summary>Largest snapshot that is taken in; a larger one is refused with words.</summary>
    internal const int SnapshotBytesMax = 256 << 20;

    private readonly List<ByteString> _parts = [];
    private long _bytes;

    /// <summary>The frame as it is sent: itself, or its parts.</summary>
    public static IEnumerable<BookFrame> Cut(BookFrame frame)
    {
        if (frame.Snapshot is null || frame.Snapshot.CalculateSize() <= PartBytes)
        {
            yield return frame;
            yield break;
        }
        var bytes = frame.Snapshot.ToByteArray();
        for (var at = 0; at < bytes.Length; at += PartBytes)
        {
            var length = Math.Min(PartBytes, bytes.Length - at);
            yield return new BookFrame { Part = new BookFrame.Types.SnapshotPart { Bytes = UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(at, length)), Last = at + length == bytes.Length } };
        }
    }

    /// <summary>The frame that was sent, or null while parts are missing.</summary>
    /// <exception cref="InvalidDataException">The parts make no snapshot.</exception>
    public BookFrame? Join(BookFrame frame)
    {
        if (frame.Part is not { } part)
            return _parts.Count == 0 ? frame : throw new InvalidDataException($"A snapshot was broken off after {_bytes} bytes.");
        _bytes += part.Bytes.Length;
        if (_bytes > SnapshotBytesMax)
            throw new InvalidDataException($"A snapshot of the book is larger than {SnapshotBytesMax >> 20} MiB, the most that a follower takes in.");
        _parts.Add(part.Bytes);
        if (!part.Last)
            return null;
        var whole = new byte[_bytes];
        var at = 0;
        foreach (var piece in _parts)
        {
            piece.CopyTo(whole, at);
            at += piece.Length;
        }
        _parts.Clear();
        _bytes = 0;
        return new BookFrame { Snapshot = BookSnapshot.Parser.ParseFrom(whole) };
    }
}
