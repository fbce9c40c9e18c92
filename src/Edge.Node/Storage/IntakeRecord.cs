using System.Buffers.Binary;

namespace Edge.Node.Storage;

/// <summary>
/// One record of the intake log: <c>[len u32][crc32c u32][sequence i64][payload]</c>, little-endian. The checksum covers everything but itself and is
/// seeded with the segment's own seed, so that what a recycled file still holds from its former life never passes as a record.
/// </summary>
internal static class IntakeRecord
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 16;

    /// <summary>Writes length and sequence; the checksum follows by <see cref="Seal"/> once the segment is known.</summary>
    public static void WriteHeader(Span<byte> record, int payloadBytes, long sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, payloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], sequence);
    }

    /// <summary>Writes the checksum of a whole record.</summary>
    public static void Seal(Span<byte> record, uint seed) => BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record, seed));

    /// <summary>Payload length as written; anything when the header is damaged.</summary>
    public static int PayloadBytes(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record);

    /// <summary>Sequence as written; anything when the header is damaged.</summary>
    public static long Sequence(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[8..]);

    /// <summary>Whether a whole record is what was written into this segment.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record, uint seed) => BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) == Checksum(record, seed);

    private static uint Checksum(ReadOnlySpan<byte> record, uint seed) => Crc32C.Of(record[8..], Crc32C.Of(record[..4], seed));
}
