using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Edge.Node.LocalRun;

/// <summary>How bytes of a guest are shown to people. Pure.</summary>
internal static class PayloadText
{
    /// <summary>The ways to show them; <c>auto</c> is text where it is printable text and <c>hex:</c> otherwise.</summary>
    public static readonly string[] Forms = ["auto", "hex", "f32", "f64", "i32"];

    public static string Show(ReadOnlySpan<byte> bytes, string form) => form switch
    {
        "f32" when bytes.Length % 4 == 0 => Numbers(bytes, 4, static b => BinaryPrimitives.ReadSingleLittleEndian(b)),
        "f64" when bytes.Length % 8 == 0 => Numbers(bytes, 8, static b => BinaryPrimitives.ReadDoubleLittleEndian(b)),
        "i32" when bytes.Length % 4 == 0 => Numbers(bytes, 4, static b => BinaryPrimitives.ReadInt32LittleEndian(b)),
        "auto" when IsText(bytes) => Encoding.UTF8.GetString(bytes),
        _ => $"hex:{Convert.ToHexStringLower(bytes)}",
    };

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes)) return false;
        foreach (var b in bytes)
            if (b < ' ' && b != '\t') return false;
        return true;
    }

    private static string Numbers<T>(ReadOnlySpan<byte> bytes, int size, Func<ReadOnlySpan<byte>, T> read)
        where T : IFormattable
    {
        var text = new StringBuilder();
        for (; !bytes.IsEmpty; bytes = bytes[size..])
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(read(bytes[..size]).ToString(null, CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }
}
