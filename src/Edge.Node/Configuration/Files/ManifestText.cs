using System.Text;
using System.Text.Unicode;

namespace Edge.Node.Configuration.Files;

/// <summary>Turns the bytes of a file into text. Pure. Manifests are UTF-8 (a byte order mark is skipped) without NUL, at most <see cref="BytesMax"/>.</summary>
internal static class ManifestText
{
    /// <summary>1 MiB: a thousand channels fit, and a file given by mistake is not read.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>The text, or null with one finding.</summary>
    public static string? Decode(string file, ReadOnlySpan<byte> bytes, Findings findings)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[3..];
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Refuse(Place.Of(file), "The file is UTF-16; manifests are UTF-8. Save it as UTF-8.", findings);
        if (bytes.StartsWith("\0asm"u8)) return Refuse(Place.Of(file), "The file is a WebAssembly module; manifests are YAML. Name the module in a Module's spec.file.", findings);
        var nul = bytes.IndexOf((byte)0);
        if (nul >= 0) return Refuse(PlaceOf(file, bytes[..nul]), "The file holds a NUL byte, so it is no text; manifests are YAML in UTF-8. Remove the file or the byte.", findings);
        if (!Utf8.IsValid(bytes))
            return Refuse(PlaceOf(file, bytes[..ValidLength(bytes)]), $"Byte 0x{bytes[ValidLength(bytes)]:x2} here is not UTF-8; manifests are UTF-8. Save the file as UTF-8.", findings);
        return Encoding.UTF8.GetString(bytes);
    }

    private static string? Refuse(Place place, string message, Findings findings)
    {
        findings.Add(place, message);
        return null;
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var valid = 0;
        while (Rune.DecodeFromUtf8(bytes[valid..], out _, out var length) == System.Buffers.OperationStatus.Done) valid += length;
        return valid;
    }

    private static Place PlaceOf(string file, ReadOnlySpan<byte> before)
    {
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new Place(file, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
