using System.Buffers;
using System.Globalization;
using System.Text;

namespace Edge.Wasm.HostFunctions;

/// <summary>
/// Reads an HTTP/1.1 request (RFC 9112 §3) with absolute-form target. Strict where leniency could smuggle a second request: only CRLF ends a line, names are tokens,
/// and the fields that frame a message (<c>Host</c>, <c>Connection</c>, <c>Content-Length</c>, <c>Transfer-Encoding</c> and the like) are the host's own.
/// </summary>
internal static class HttpRequestBytes
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly HashSet<string> HostsOwn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade", "Expect",
    };

    /// <summary>The request, or null when the bytes are no request that may be sent.</summary>
    public static HttpRequestMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        var body = bytes[(end + 4)..];
        if (lines[0].Split(' ') is not [var method, var target, "HTTP/1.1"] || !IsToken(method) || method.Equals("CONNECT", StringComparison.OrdinalIgnoreCase) ||
            !Uri.TryCreate(target, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri is not { Scheme: "http" or "https" }) return null;

        var request = new HttpRequestMessage(new HttpMethod(method), uri);
        var content = new ByteArrayContent(body.ToArray());
        foreach (var line in lines.AsSpan(1))
        {
            if (TryField(line, body.Length, request, content)) continue;
            request.Dispose();
            content.Dispose();
            return null;
        }
        if (body.Length > 0 || content.Headers.NonValidated.Count > 0) request.Content = content;
        return request;
    }

    private static bool TryField(string line, int bodyLength, HttpRequestMessage request, ByteArrayContent content)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1) return false;
        var (name, value) = (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
        if (!IsToken(name) || value.AsSpan().ContainsAny('\r', '\n', '\0')) return false;
        if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)) return false;
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            return value == bodyLength.ToString(CultureInfo.InvariantCulture);
        return HostsOwn.Contains(name) || request.Headers.TryAddWithoutValidation(name, value) || content.Headers.TryAddWithoutValidation(name, value);
    }

    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Token);
}
