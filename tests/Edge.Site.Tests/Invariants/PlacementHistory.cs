using System.Collections.Concurrent;
using System.Text.Json;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Invariants;

/// <summary>Placements as every node saw them: an epoch has one owner, whoever looks, and epochs only grow.</summary>
internal sealed class PlacementHistory : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Seer, PlacementView Seen)> _seen = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _following = [];

    /// <summary>Follows them on a node until it goes away.</summary>
    public void Follow(NodeProcess node) => _following.Add(FollowAsync(node, $"{node.Name} {node.Id}"));

    public void Check()
    {
        var owned = _seen.Where(one => one.Seen.Node.Length > 0).ToList();
        Assert.NotEmpty(owned);
        foreach (var epoch in owned.GroupBy(one => (one.Seen.Identity, one.Seen.Epoch)))
            Assert.True(epoch.Select(one => (one.Seen.Node, one.Seen.Member)).Distinct().Count() == 1, $"Epoch {epoch.Key} has two owners: {string.Join(" | ", epoch)}");
        foreach (var seer in owned.GroupBy(one => (one.Seer, one.Seen.Identity)))
        {
            var epochs = seer.Select(one => Order(one.Seen.Epoch)).ToList();
            Assert.True(epochs.SequenceEqual(epochs.Order()), $"{seer.Key} saw epochs go back: {string.Join(", ", seer.Select(one => one.Seen.Epoch))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_following);
        _ending.Dispose();
    }

    private static (uint Incarnation, ulong Index) Order(string epoch) => epoch.Split('.') is [var incarnation, var index] ? (uint.Parse(incarnation), ulong.Parse(index)) : throw new FormatException($"'{epoch}' is no epoch.");

    private async Task FollowAsync(NodeProcess node, string seer)
    {
        try
        {
            using var api = node.Api();
            await foreach (var one in api.WatchAsync("api/v1/placements?watch=true", _ending.Token))
            {
                if (one.Name != "state") continue;
                foreach (var placement in JsonSerializer.Deserialize(one.Data, EventJson.Default.PlacementListView)!.Items) _seen.Enqueue((seer, placement));
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or RemoteException or IOException)
        {
            // The scenario ended, or the node did.
        }
    }
}
