using System.Buffers.Binary;

namespace Edge.Node.Storage;

/// <summary>
/// Looks through SQLite's write-ahead log before SQLite does. SQLite stops at the first frame that fails its checksum and silently drops what follows, be it the torn end
/// of the last transaction or a flipped bit with hundreds of commits behind it; this tells the two apart.
/// Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
/// </summary>
internal static class JournalCheck
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;

    /// <summary>Says how many commits lie behind a damaged frame; null when there are none.</summary>
    public static string? LostCommits(string path)
    {
        if (!File.Exists(path))
            return null;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(file, header, 0) < HeaderBytes)
            return null;
        var bigEndian = (BinaryPrimitives.ReadUInt32BigEndian(header) & 1) == 1;
        var page = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        if (page is < 512 or > 65536)
            return null;
        var salts = header.Slice(16, 8);
        var sum = Sum(header[..24], bigEndian, (0, 0));
        var frame = new byte[FrameHeaderBytes + page];
        var (damagedAt, behind) = (-1L, 0);
        for (long at = HeaderBytes; RandomAccess.Read(file, frame, at) == frame.Length; at += frame.Length)
        {
            // Frames with other salts are from before the journal was begun anew: the regular end, unless frames of today follow.
            var isOfToday = frame.AsSpan(8, 8).SequenceEqual(salts);
            sum = Sum(frame.AsSpan(FrameHeaderBytes), bigEndian, Sum(frame.AsSpan(0, 8), bigEndian, sum));
            if (damagedAt < 0 && !(isOfToday && sum == Stored(frame)))
                damagedAt = at;
            if (damagedAt >= 0 && isOfToday && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0)
                behind++;
        }
        // One commit may be the transaction that a crash cut short; each earlier one was synced.
        return behind < 2
            ? null
            : $"Journal {path} is damaged at offset {damagedAt}: about {behind} commits behind it are lost, and channels go back to their state before. "
                + "What the intake log still holds is read again. Check the disk (dmesg, smartctl).";
    }

    private static (uint, uint) Stored(ReadOnlySpan<byte> frame) => (BinaryPrimitives.ReadUInt32BigEndian(frame[16..]), BinaryPrimitives.ReadUInt32BigEndian(frame[20..]));

    private static (uint A, uint B) Sum(ReadOnlySpan<byte> words, bool bigEndian, (uint A, uint B) sum)
    {
        for (var i = 0; i < words.Length; i += 8)
        {
            var (x, y) = bigEndian
                ? (BinaryPrimitives.ReadUInt32BigEndian(words[i..]), BinaryPrimitives.ReadUInt32BigEndian(words[(i + 4)..]))
                : (BinaryPrimitives.ReadUInt32LittleEndian(words[i..]), BinaryPrimitives.ReadUInt32LittleEndian(words[(i + 4)..]));
            sum.A += x + sum.B;
            sum.B += y + sum.A;
        }
        return sum;
    }
}
