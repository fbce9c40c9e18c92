using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Partitions;

/// <summary>A site of three nodes on a LAN that can be cut.</summary>
public sealed class LanSite : IAsyncLifetime
{
    private Lan? _lan;
    private SiteProcesses? _site;

    /// <summary>The LAN; a test that gets none is skipped.</summary>
    internal Lan Lan
    {
        get
        {
            Assert.SkipWhen(_lan is null, "Network namespaces are not permitted to this user (ip netns add), so no LAN can be cut. Run the tests as root.");
            return _lan!;
        }
    }

    internal SiteProcesses Site => _site!;

    /// <summary>A node's number on the LAN.</summary>
    internal int NumberOf(NodeProcess node) => Site.Nodes.ToList().IndexOf(node) + 1;

    public async ValueTask InitializeAsync()
    {
        _lan = await Partitions.Lan.TryCreateAsync(3);
        if (_lan is not null) _site = await SiteProcesses.StartAsync(3, _lan.Place);
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        if (_lan is not null) await _lan.DisposeAsync();
    }
}
