using System.Globalization;
using System.Net;

namespace Edge.Cluster.Transport;

/// <summary>Where a node is today: <c>host:port</c>, <c>192.168.1.7:7400</c> or <c>[fe80::1]:7400</c>. A hint, never an identity.</summary>
/// <param name="Host">Name or IP address.</param>
/// <param name="Port">1–65535.</param>
public readonly record struct NodeAddress(string Host, int Port)
{
    /// <summary>Reads an address; without a port it is <see cref="PeerProtocol.Port"/>.</summary>
    public static bool TryParse(string text, out NodeAddress address)
    {
        address = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 300)
            return false;
        if (IPAddress.TryParse(text, out var alone))
        {
            address = new(alone.ToString(), PeerProtocol.Port);
            return true;
        }
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var port = PeerProtocol.Port;
        if (colon >= 0 && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
            return false;
        host = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        address = new(host, port);
        return true;
    }

    /// <summary>The address of an endpoint.</summary>
    public static NodeAddress Of(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new((endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address).ToString(), endPoint.Port);
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
