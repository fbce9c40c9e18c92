using System.CommandLine;
using System.Net;

namespace Edge.Node.Cli;

/// <summary>An option <c>HOST:PORT</c>: HOST is an address or <c>localhost</c>, PORT 0 to 65535 (0: the system picks one).</summary>
internal static class EndPointOption
{
    public static Option<IPEndPoint> Create(string name, string description, int defaultPort, IPAddress? defaultAddress = null) => new(name)
    {
        Description = $"{description} Default: {defaultAddress ?? IPAddress.Loopback}:{defaultPort}; port 0 picks a free one.",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => new IPEndPoint(defaultAddress ?? IPAddress.Loopback, defaultPort),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text) is { } endPoint)
            {
                return endPoint;
            }

            result.AddError($"{name} '{text}' is no address. Allowed: HOST:PORT with an IP address or 'localhost' and a port from 0 to 65535, such as 127.0.0.1:{defaultPort}.");
            return null;
        },
    };

    // The port is required: IPEndPoint alone would read "127.0.0.1" as port 0, and "1883" as the address 0.0.7.91.
    private static IPEndPoint? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out var port)
            && IPAddress.TryParse(text[..colon] == "localhost" ? "127.0.0.1" : text[..colon], out var address)
                ? new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port)
                : null;
    }
}
