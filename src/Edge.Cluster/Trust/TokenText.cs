using System.Security.Cryptography;
using System.Text;

namespace Edge.Cluster.Trust;

/// <summary>
/// How tokens are written: a prefix, then bytes and a check sum of four more in Crockford's base 32, which has no letters that look alike and does not mind capitals. The check sum tells
/// a typo before anything is sent.
/// </summary>
internal static class TokenText
{
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int CheckBytes = 4;

    /// <summary>A token's text.</summary>
    public static string Write(string prefix, ReadOnlySpan<byte> content) => prefix + Encode([.. content, .. Check(prefix, content)]);

    /// <summary>What is in a text; or why it cannot be read, in words that follow "The token ".</summary>
    public static (byte[] Content, string? Fault) Read(string prefix, string text)
    {
        // Terminals and mails break long lines.
        var whole = new string([.. text.Where(letter => !char.IsWhiteSpace(letter))]);
        if (!whole.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return ([], $"begins with '{Start(whole)}', not with '{prefix}'");
        if (Decode(whole.AsSpan(prefix.Length)) is not { } bytes)
            return ([], "holds letters that no token has");
        if (bytes.Length <= CheckBytes || !Check(prefix, bytes.AsSpan(..^CheckBytes)).AsSpan().SequenceEqual(bytes.AsSpan(^CheckBytes..)))
            return ([], "has a typo or is cut short: its check sum is wrong");
        return (bytes[..^CheckBytes], null);
    }

    /// <summary>Base 32 without check sum.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 8 / 5 + 1);
        var (bits, count) = (0, 0);
        foreach (var next in bytes)
        {
            (bits, count) = (bits << 8 | next, count + 8);
            for (; count >= 5; count -= 5)
                text.Append(Letters[bits >> (count - 5) & 31]);
            bits &= (1 << count) - 1;
        }
        return (count > 0 ? text.Append(Letters[bits << (5 - count) & 31]) : text).ToString();
    }

    /// <summary>What <see cref="Encode"/> wrote; null if a letter is none of its.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        var (bits, count) = (0, 0);
        foreach (var letter in text)
        {
            var value = Letters.IndexOf(char.ToLowerInvariant(letter) switch { 'o' => '0', 'i' or 'l' => '1', var other => other }, StringComparison.Ordinal);
            if (value < 0)
                return null;
            (bits, count) = (bits << 5 | value, count + 5);
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }
        return [.. bytes];
    }

    private static byte[] Check(string prefix, ReadOnlySpan<byte> content) => SHA256.HashData([.. Encoding.ASCII.GetBytes(prefix), .. content])[..CheckBytes];

    private static string Start(string text) => text.Length <= 7 ? text : text[..7];
}
