using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Edge.Node.Discovery;

/// <summary>The addresses by which to join a group and send to it: one for each interface that is up and can multicast. Read anew each time, because cables and DHCP come and go.</summary>
internal static class LanInterfaces
{
    /// <summary>Interfaces more than this are not used.</summary>
    private const int Max = 16;

    public static IReadOnlyList<IPAddress> Of(LanOptions options) => !options.Interface.Equals(IPAddress.Any)
        ? [options.Interface]
        : [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one is { OperationalStatus: OperationalStatus.Up or OperationalStatus.Unknown, SupportsMulticast: true })
            .SelectMany(one => one.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address).Where(address => address.AddressFamily == AddressFamily.InterNetwork).Take(1))
            .Take(Max)];
}
