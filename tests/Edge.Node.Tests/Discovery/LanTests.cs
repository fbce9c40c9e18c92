using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Edge.Node.Discovery;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Tests.Discovery;

/// <summary>Real multicast over the loopback interface, on a port of each test's own.</summary>
public sealed class LanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-lan-").FullName;
    private readonly LanOptions _options = new() { Group = new(IPAddress.Parse("239.255.74.0"), FreePort()), Interface = IPAddress.Loopback, Every = TimeSpan.FromMilliseconds(100) };
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly FoundedSite _plant;
    private readonly FoundedSite _lab;

    public LanTests()
    {
        _patience.CancelAfter(TimeSpan.FromSeconds(20));
        _plant = new IdentityFolder(Path.Combine(_folder, "plant")).Found("plant", "a");
        _lab = new IdentityFolder(Path.Combine(_folder, "lab")).Found("lab", "a");
    }

    [Fact]
    public async Task A_node_that_announces_itself_is_heard_with_the_address_of_the_interface()
    {
        var heard = Channel.CreateUnbounded<AnnouncementBody>();
        await using var finder = Finder(_plant, body => heard.Writer.TryWrite(body));
        await using var announcer = Announcer(_plant, "0.0.0.0:7400");
        var first = await heard.Reader.ReadAsync(_patience.Token);
        var second = await heard.Reader.ReadAsync(_patience.Token);
        Assert.Equal(("a", "plant", "127.0.0.1:7400"), (first.Node, first.SiteName, first.Addresses.Node));
        Assert.True(second.Number > first.Number);
    }

    [Fact]
    public async Task Two_sites_on_one_LAN_ignore_each_other_and_say_so_once()
    {
        var told = new Told();
        var heard = Channel.CreateUnbounded<AnnouncementBody>();
        await using var finder = LanFinder.Start(_options, _plant.Identity.AuthorityFingerprint, body => heard.Writer.TryWrite(body), told, TimeProvider.System);
        await using var lab = Announcer(_lab, "127.0.0.1:7401");
        await told.First.Task.WaitAsync(_patience.Token);
        await using var plant = Announcer(_plant, "127.0.0.1:7400");
        for (var announcements = 0; announcements < 3; announcements++)
            Assert.Equal("plant", (await heard.Reader.ReadAsync(_patience.Token)).SiteName);
        Assert.Contains("'lab'", Assert.Single(told.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_joiner_hears_the_addresses_of_its_tokens_site_only()
    {
        await using var lab = Announcer(_lab, "127.0.0.1:7401");
        await using var plant = Announcer(_plant, "127.0.0.1:7400");
        var token = JoinToken.New(new SiteRecord { Id = _plant.Identity.SiteId, Name = "plant", CaFingerprint = ByteString.CopyFrom(_plant.Identity.AuthorityFingerprint) });
        await foreach (var address in LanSites.AddressesAsync(_options, token, NullLogger<LanFinder>.Instance, TimeProvider.System, _patience.Token))
        {
            Assert.Equal(new NodeAddress("127.0.0.1", 7400), address);
            return;
        }
    }

    [Fact]
    public void An_announcement_that_another_key_signed_is_noise()
    {
        var forged = Announcement.Parser.ParseFrom(Datagram(_plant));
        forged.Signature = ByteString.CopyFrom(_lab.Identity.Sign(forged.Body.Span));
        Assert.IsType<AnnouncementRead.Noise>(SignedAnnouncement.Read(forged.ToByteArray(), _plant.Identity.AuthorityFingerprint));
    }

    [Fact]
    public void A_node_cannot_announce_another()
    {
        var body = Announcement.Parser.ParseFrom(Datagram(_plant)).Body;
        var other = AnnouncementBody.Parser.ParseFrom(body);
        other.Node = "b";
        Assert.IsType<AnnouncementRead.Noise>(SignedAnnouncement.Read(SignedAnnouncement.Write(_plant.Identity, other), _plant.Identity.AuthorityFingerprint));
    }

    [Fact]
    public void A_stranger_that_shows_the_sites_CA_is_noise()
    {
        var forged = Announcement.Parser.ParseFrom(Datagram(_lab));
        forged.CaCertificate = ByteString.CopyFrom(_plant.Identity.AuthorityCertificate.RawData);
        Assert.IsType<AnnouncementRead.Noise>(SignedAnnouncement.Read(forged.ToByteArray(), _plant.Identity.AuthorityFingerprint));
    }

    [Fact]
    public void Damaged_bytes_are_noise_or_another_sites_and_never_throw()
    {
        var datagram = Datagram(_plant);
        for (var at = 0; at < datagram.Length; at += 7)
        {
            var damaged = datagram.ToArray();
            damaged[at] ^= 0x55;
            Assert.IsNotType<AnnouncementRead.OfSite>(SignedAnnouncement.Read(damaged, _plant.Identity.AuthorityFingerprint));
            SignedAnnouncement.Read(datagram.AsSpan(..at), _plant.Identity.AuthorityFingerprint);
        }
        Assert.IsType<AnnouncementRead.Noise>(SignedAnnouncement.Read(new byte[SignedAnnouncement.BytesMax + 1], _plant.Identity.AuthorityFingerprint));
    }

    [Fact]
    public void An_announcement_with_the_longest_names_fits_one_frame()
    {
        var name = new string('n', 63);
        var site = new IdentityFolder(Path.Combine(_folder, "long")).Found(name, name);
        Assert.InRange(Datagram(site).Length, 1, SignedAnnouncement.BytesMax);
    }

    public void Dispose()
    {
        _patience.Dispose();
        _plant.Identity.Dispose();
        _plant.Authority.Dispose();
        _lab.Identity.Dispose();
        _lab.Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static byte[] Datagram(FoundedSite site) => SignedAnnouncement.Write(site.Identity, new AnnouncementBody
    {
        Protocol = PeerProtocol.Version,
        SiteId = site.Identity.SiteId,
        SiteName = site.Identity.SiteName,
        Node = site.Identity.Name,
        Number = 1,
        Addresses = new Addresses { Node = "192.168.100.100:17400", Actors = "192.168.100.100:17401", Mqtt = "192.168.100.100:11883", Http = "192.168.100.100:18080" },
    });

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private LanFinder Finder(FoundedSite site, Action<AnnouncementBody> heard) => LanFinder.Start(_options, site.Identity.AuthorityFingerprint, heard, NullLogger<LanFinder>.Instance, TimeProvider.System);

    private LanAnnouncer Announcer(FoundedSite site, string node) =>
        LanAnnouncer.Start(_options, site.Identity, () => new Addresses { Node = node }, NullLogger<LanAnnouncer>.Instance, TimeProvider.System);

    private sealed class Told : ILogger<LanFinder>
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue(formatter(state, exception));
            First.TrySetResult();
        }
    }
}
