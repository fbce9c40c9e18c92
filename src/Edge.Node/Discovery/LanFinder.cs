using System.Net;
using System.Net.Sockets;
using Edge.Cluster.Trust;
using Edge.Messages.Site;

namespace Edge.Node.Discovery;

/// <summary>
/// Listens to what nodes of one site announce on the LAN, and hands each valid announcement on. Hints only. Reads at most <see cref="LanOptions.HeardPerSecond"/> datagrams a second, of at most
/// 1400 bytes, and remembers the names of 64 other sites, so that each is told once. Where the group cannot be joined that is told, and tried again; joins interfaces that come later. Ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class LanFinder : IAsyncDisposable
{
    private const int OtherSitesMax = 64;
    private const int NameMax = 63;

    private readonly LanOptions _options;
    private readonly byte[] _authority;
    private readonly Action<AnnouncementBody> _heard;
    private readonly ILogger<LanFinder> _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private readonly HashSet<IPAddress> _joined = [];
    private readonly Socket? _socket;
    private readonly Task _listening;
    private readonly Task _joining;
    private bool _told;

    private LanFinder(LanOptions options, byte[] authority, Action<AnnouncementBody> heard, ILogger<LanFinder> logger, TimeProvider time)
    {
        (_options, _authority, _heard, _logger, _time) = (options, authority, heard, logger, time);
        _socket = Open();
        (_listening, _joining) = _socket is null ? (Task.CompletedTask, Task.CompletedTask) : (ListenAsync(_socket), JoinAsync(_socket));
    }

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Group and interface.</param>
    /// <param name="authorityFingerprint">Which site: SHA-256 of its CA's certificate, from the identity or from a token.</param>
    /// <param name="heard">Called for each valid announcement of the site, one at a time; must be quick.</param>
    /// <param name="logger">For people.</param>
    /// <param name="time">Time.</param>
    public static LanFinder Start(LanOptions options, ReadOnlySpan<byte> authorityFingerprint, Action<AnnouncementBody> heard, ILogger<LanFinder> logger, TimeProvider time) =>
        new(options, authorityFingerprint.ToArray(), heard, logger, time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_listening, _joining);
        _socket?.Dispose();
        _stop.Dispose();
    }

    private Socket? Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Several nodes on one machine hear the same group.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(_options.Group.Address, _options.Group.Port));
            return socket;
        }
        catch (SocketException failure)
        {
            _logger.CannotHear(_options.Group, failure.Message);
            socket.Dispose();
            return null;
        }
    }

    // Again and again: a node that boots before its network is there must hear it when it comes.
    private async Task JoinAsync(Socket socket)
    {
        using var timer = new PeriodicTimer(_options.Every, _time);
        try
        {
            do
            {
                var present = LanInterfaces.Of(_options);
                _joined.IntersectWith(present);
                foreach (var fresh in present.Where(address => !_joined.Contains(address)))
                    Join(socket, fresh);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Join(Socket socket, IPAddress on)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(_options.Group.Address, on));
            _joined.Add(on);
        }
        catch (SocketException there) when (there.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // An interface that lost its address and got it back was never left.
            _joined.Add(on);
        }
        catch (SocketException failure)
        {
            if (!_told)
                _logger.CannotHear(_options.Group, failure.Message);
            _told = true;
        }
    }

    private async Task ListenAsync(Socket socket)
    {
        var datagram = new byte[SignedAnnouncement.BytesMax + 1];
        var (second, count) = (_time.GetTimestamp(), 0);
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(datagram, SocketFlags.None, _stop.Token);
                if (_time.GetElapsedTime(second) >= TimeSpan.FromSeconds(1))
                    (second, count) = (_time.GetTimestamp(), 0);
                if (++count <= _options.HeardPerSecond)
                    Hear(datagram.AsSpan(..length));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (SocketException failure)
        {
            _logger.CannotHear(_options.Group, failure.Message);
        }
    }

    private void Hear(ReadOnlySpan<byte> datagram)
    {
        switch (SignedAnnouncement.Read(datagram, _authority))
        {
            case AnnouncementRead.OfSite site:
                _heard(site.Body);
                break;
            case AnnouncementRead.OtherSite other when _others.Count < OtherSitesMax && _others.Add(Shown(other.Name)):
                _logger.OtherSiteHeard(Shown(other.Name));
                break;
        }
    }

    private static string Shown(string name) => new([.. name.Take(NameMax).Select(letter => char.IsControl(letter) ? '?' : letter)]);
}
