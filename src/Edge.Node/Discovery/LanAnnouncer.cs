using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Node.Discovery;

/// <summary>
/// Tells the LAN where this node is: a signed datagram every two seconds on each interface, whose address it carries where the node listens on all. About 1 KiB each, so a site of 100 nodes costs 50 KiB/s. What
/// it says is a hint for others. A failed send is told once and tried again. Ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class LanAnnouncer : IAsyncDisposable
{
    private readonly LanOptions _options;
    private readonly NodeIdentity _identity;
    private readonly Func<Addresses> _addresses;
    private readonly ILogger<LanAnnouncer> _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _announcing;
    private ulong _number;
    private bool _told;

    private LanAnnouncer(LanOptions options, NodeIdentity identity, Func<Addresses> addresses, ILogger<LanAnnouncer> logger, TimeProvider time)
    {
        (_options, _identity, _addresses, _logger, _time) = (options, identity, addresses, logger, time);
        _announcing = AnnounceAsync();
    }

    /// <summary>Starts to announce.</summary>
    /// <param name="options">Group and interface.</param>
    /// <param name="identity">Who this node is.</param>
    /// <param name="addresses">Where it listens now. A part with host 0.0.0.0 is announced with the address of the interface that it is sent from.</param>
    /// <param name="logger">For people.</param>
    /// <param name="time">Time.</param>
    public static LanAnnouncer Start(LanOptions options, NodeIdentity identity, Func<Addresses> addresses, ILogger<LanAnnouncer> logger, TimeProvider time) => new(options, identity, addresses, logger, time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _announcing;
        _stop.Dispose();
    }

    private async Task AnnounceAsync()
    {
        using var timer = new PeriodicTimer(_options.Every, _time);
        try
        {
            do
            {
                foreach (var from in LanInterfaces.Of(_options))
                    await SendAsync(from);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task SendAsync(IPAddress from)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { MulticastLoopback = true };
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 1);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, from.GetAddressBytes());
            socket.Bind(new IPEndPoint(from, 0));
            await socket.SendToAsync(Datagram(from), _options.Group, _stop.Token);
            _told = false;
        }
        catch (SocketException failure)
        {
            if (!_told)
                _logger.CannotAnnounce(_options.Group, failure.Message);
            _told = true;
        }
    }

    private byte[] Datagram(IPAddress from)
    {
        var addresses = _addresses();
        return SignedAnnouncement.Write(_identity, new AnnouncementBody
        {
            Protocol = PeerProtocol.Version,
            SiteId = _identity.SiteId,
            SiteName = _identity.SiteName,
            Node = _identity.Name,
            Number = ++_number,
            Addresses = new Addresses
            {
                Node = Reachable(addresses.Node, from),
                Actors = Reachable(addresses.Actors, from),
                Mqtt = Reachable(addresses.Mqtt, from),
                Http = Reachable(addresses.Http, from),
            },
        });
    }

    private static string Reachable(string listens, IPAddress from) => NodeAddress.TryParse(listens, out var address) && address.Host is "0.0.0.0" or "::" ? new NodeAddress(from.ToString(), address.Port).ToString() : listens;
}
