using System.Net;
using System.Net.Sockets;

namespace Edge.Node.Mqtt.Devices;

/// <summary>
/// Slows down guessing: an address may be wrong <see cref="Allowed"/> times at once, and once more every <see cref="Refill"/>. IPv6 addresses count by their /64,
/// which one host owns. Remembers at most <see cref="MaxAddresses"/> addresses; past it those that have recovered are forgotten, then the oldest.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    /// <summary>Wrong passwords in a row before an address must wait.</summary>
    public const int Allowed = 10;

    private const int MaxAddresses = 4_096;

    /// <summary>Time after which one more is allowed.</summary>
    public static TimeSpan Refill { get; } = TimeSpan.FromSeconds(6);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, long> _paidUntil = [];

    /// <summary>Whether the address must wait before the next attempt.</summary>
    public bool IsClosed(IPAddress address)
    {
        lock (_gate)
        {
            return _paidUntil.TryGetValue(Network(address), out var until) && until - time.GetTimestamp() > (Allowed - 1) * RefillTicks;
        }
    }

    /// <summary>Notes a wrong password. (Token bucket as a virtual clock: each failure pays <see cref="Refill"/> into the future.)</summary>
    public void Failed(IPAddress address)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            MakeRoom(now);
            var key = Network(address);
            _paidUntil[key] = Math.Max(now, _paidUntil.GetValueOrDefault(key)) + RefillTicks;
        }
    }

    private long RefillTicks => (long)(Refill.TotalSeconds * time.TimestampFrequency);

    private void MakeRoom(long now)
    {
        if (_paidUntil.Count < MaxAddresses)
        {
            return;
        }

        foreach (var (address, _) in _paidUntil.Where(entry => entry.Value <= now).ToList())
        {
            _paidUntil.Remove(address);
        }

        if (_paidUntil.Count >= MaxAddresses)
        {
            _paidUntil.Remove(_paidUntil.MinBy(entry => entry.Value).Key);
        }
    }

    private static IPAddress Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
