using System.Buffers.Binary;
using System.Numerics;

namespace Edge.Node.Storage;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), in hardware where the processor has it; finds every single flipped bit and every burst up to 32 bits.</summary>
internal static class Crc32C
{
    /// <summary>Checksum of <paramref name="bytes"/>, going on from <paramref name="seed"/> (0, or the checksum of what came before).</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
