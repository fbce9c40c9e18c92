using System.Globalization;
using System.Net;

namespace Edge.Wasm.Capabilities;

/// <summary>May send HTTP requests to one host and port (<c>http_fetch</c>), and follow no redirect elsewhere.</summary>
/// <param name="Host">A DNS name in lower case, an IPv4 address, or an IPv6 address without brackets. The name is what is granted; it may resolve to any address.</param>
/// <param name="Port">1–65 535.</param>
public sealed record NetCapability(string Host, int Port) : Capability
{
    /// <inheritdoc/>
    public override string Kind => "net";

    /// <inheritdoc/>
    public override bool WritesToTheWorld => true;

    internal static Capability? Parse(string? rest, out string problem)
    {
        problem = "";
        var colon = rest?.LastIndexOf(':') ?? -1;
        var (host, port) = colon < 0 ? (rest ?? "", "") : (rest![..colon], rest[(colon + 1)..]);
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65_535)
            problem = $"has the port '{port}'; allowed is 1 to 65535.";
        else if (HostOf(host) is not { } name)
            problem = $"has the host '{host}'; allowed is a DNS name, an IPv4 address or an IPv6 address in brackets.";
        else return new NetCapability(name, number);
        return null;
    }

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked == this;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kind}:{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>The form in which hosts are compared: lower case, IPv6 shortened and without brackets; null if it is no host.</summary>
    internal static string? HostOf(string text)
    {
        if (text is ['[', .. var inner, ']'])
            return IPAddress.TryParse(inner, out var address) && inner.Contains(':', StringComparison.Ordinal) ? address.ToString() : null;
        return Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 ? text.ToLowerInvariant() : null;
    }
}
