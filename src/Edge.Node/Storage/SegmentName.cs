using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Edge.Node.Storage;

/// <summary>
/// Name of a segment file, which is all the header that a segment has: losing a page of the file never loses it.
/// </summary>
/// <param name="After">The last sequence written before this segment was begun; its own records come after it.</param>
/// <param name="Salt">Random, new each time a file becomes a segment; with <paramref name="After"/> it seeds the records' checksums.</param>
internal readonly record struct SegmentName(long After, ulong Salt)
{
    private const string Extension = ".segment";

    /// <summary>What the checksums of this segment's records start from.</summary>
    public uint Seed => Crc32C.Of(Encoding.ASCII.GetBytes(ToString()));

    /// <summary>A name with a fresh salt.</summary>
    public static SegmentName New(long after) => new(after, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));

    /// <summary>Reads a file name; null when it is not a segment's.</summary>
    public static SegmentName? Parse(string fileName) =>
        fileName.Length == 36 + Extension.Length && fileName[19] == '-' && fileName.EndsWith(Extension, StringComparison.Ordinal)
        && long.TryParse(fileName.AsSpan(0, 19), NumberStyles.None, CultureInfo.InvariantCulture, out var after)
        && ulong.TryParse(fileName.AsSpan(20, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var salt)
            ? new(after, salt)
            : null;

    /// <summary>The file name: decimal sequence, so that a listing sorts, then the salt in hex.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{After:D19}-{Salt:x16}{Extension}");
}
