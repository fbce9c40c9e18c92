[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Edge.Site.Tests.Harness;

/// <summary>A site of three nodes that scenarios use one after the other, since each leaves it at rest; a new one after a scenario that did not.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    private SiteProcesses? _site;
    private bool _inUse;

    /// <summary>The site, at rest.</summary>
    internal async Task<SiteProcesses> TakeAsync()
    {
        if (_inUse) await EndAsync();

        _site ??= await SiteProcesses.StartAsync(3);
        _inUse = true;
        return _site;
    }

    /// <summary>The scenario left it at rest.</summary>
    internal void GiveBack() => _inUse = false;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task EndAsync()
    {
        if (_site is not { } site) return;
        if (_inUse)
        {
            foreach (var node in site.Nodes) Console.WriteLine($"Log of {node.Name}:{Environment.NewLine}{node.LastLines()}");
        }

        await site.DisposeAsync();
        _site = null;
    }
}

/// <summary>Scenarios that leave the site as they found it.</summary>
[CollectionDefinition(nameof(OneSite))]
public sealed class OneSite : ICollectionFixture<SharedSite>;
