using System.Net;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Node.Discovery;

namespace Edge.Node.Site;

/// <summary>This node on its LAN: announces itself, and takes where the site's other nodes say that they are as hints. Ends with <see cref="DisposeAsync"/>.</summary>
internal sealed class Lan : IAsyncDisposable
{
    private readonly LanAnnouncer _announcer;
    private readonly LanFinder _finder;

    public Lan(SiteOptions options, NodeIdentity identity, Func<NodeRecord> about, PeerDirectory directory, ILoggerFactory logs, TimeProvider time)
    {
        var lan = OptionsOf(options);
        _announcer = LanAnnouncer.Start(lan, identity, () => about().Addresses, logs.CreateLogger<LanAnnouncer>(), time);
        _finder = LanFinder.Start(
            lan, identity.AuthorityFingerprint,
            heard =>
            {
                if (heard.Node != identity.Name && NodeAddress.TryParse(heard.Addresses?.Node ?? "", out var address)) directory.Saw(heard.Node, address);
            },
            logs.CreateLogger<LanFinder>(), time);
    }

    /// <summary>How a joining node finds the site of its token.</summary>
    public static Func<JoinToken, CancellationToken, IAsyncEnumerable<NodeAddress>> AddressesOf(SiteOptions options, ILoggerFactory logs, TimeProvider time) =>
        (token, stop) => options.Announce ? LanSites.AddressesAsync(OptionsOf(options), token, logs.CreateLogger<LanFinder>(), time, stop) : Nobody(stop);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _announcer.DisposeAsync();
        await _finder.DisposeAsync();
    }

    // A node that hears others on loopback only speaks to this machine only.
    private static LanOptions OptionsOf(SiteOptions options) =>
        options.Listen.Address.Equals(IPAddress.Any) || options.Listen.Address.Equals(IPAddress.IPv6Any) ? new() : new() { Interface = options.Listen.Address };

    private static async IAsyncEnumerable<NodeAddress> Nobody([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        yield break;
    }
}
