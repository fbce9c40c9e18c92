using System.Buffers.Binary;

namespace Edge.Node.Storage;

/// <summary>What the intake log knows apart from its records.</summary>
/// <param name="Trimmed">Everything up to this sequence was let go of.</param>
/// <param name="Ceiling">No sequence above this one was ever given to a reading, whatever happened to the records.</param>
/// <param name="ClosedAt">Sequence of the last record when the log was closed in order; -1 while it is open, and after a crash.</param>
internal readonly record struct IntakeMark(long Trimmed, long Ceiling, long ClosedAt)
{
    private const int Bytes = 36;

    /// <summary>Encodes with a checksum.</summary>
    /// <param name="version">Grows with each save: the newer of two intact copies counts.</param>
    public byte[] Encode(long version)
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Trimmed);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Ceiling);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), ClosedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), Crc32C.Of(bytes.AsSpan(0, 32)));
        return bytes;
    }

    /// <summary>Decodes; null when the bytes are not what <see cref="Encode"/> wrote.</summary>
    public static (long Version, IntakeMark Mark)? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]) != Crc32C.Of(bytes[..32]))
            return null;
        var version = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return version == 0 ? null : (version, new IntakeMark(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..])));
    }
}
