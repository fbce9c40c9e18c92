namespace Edge.Node.Mqtt.Framing;

/// <summary>The first bytes of every packet: type and flags, and the length of the rest as a variable byte integer (MQTT 5 §2.1.1, §1.5.5).</summary>
/// <param name="Flags">The first byte.</param>
/// <param name="BodyBytes">Length of what follows.</param>
/// <param name="HeaderBytes">Length of the header itself, 2 to 5.</param>
internal readonly record struct FixedHeader(byte Flags, int BodyBytes, int HeaderBytes)
{
    /// <summary>Reads a header; false when <paramref name="bytes"/> holds no whole one: more bytes are needed, or, from five bytes on, it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out FixedHeader header)
    {
        var length = 0;
        for (var i = 1; i < Math.Min(bytes.Length, 5); i++)
        {
            length |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if ((bytes[i] & 0x80) == 0)
            {
                header = new(bytes[0], length, i + 1);
                return true;
            }
        }

        header = default;
        return false;
    }
}
