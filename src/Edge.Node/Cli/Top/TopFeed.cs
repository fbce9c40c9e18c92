using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Node.Admin;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli.Top;

/// <summary>
/// What <c>edge top</c> knows: placements and nodes as the API's watch tells them, and once a second what no watch tells (leases, load, lag). Not thread-safe but for the watches' own results.
/// </summary>
/// <param name="client">The node that is asked.</param>
/// <param name="time">The clock.</param>
internal sealed class TopFeed(ApiClient client, TimeProvider time)
{
    private volatile PlacementListView? _placements;
    private StatusView? _before;
    private StatusView? _now;
    private long _at;
    private TimeSpan _between;

    /// <summary>Follows the watch of the placements until it ends; then the feed asks instead.</summary>
    /// <param name="changed">Called after each change.</param>
    /// <param name="stop">Ends it.</param>
    public async Task FollowAsync(Action changed, CancellationToken stop)
    {
        try
        {
            await foreach (var one in client.WatchAsync("api/v1/placements?watch=true", stop))
            {
                if (one.Name != "state") continue;
                _placements = JsonSerializer.Deserialize(one.Data, EventJson.Default.PlacementListView);
                changed();
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or RemoteException)
        {
            // Asked for at each look from here on.
        }

        _placements = null;
    }

    /// <summary>Asks for what is new.</summary>
    /// <exception cref="RemoteException">The node does not answer.</exception>
    public async Task<TopRows> LookAsync()
    {
        var nodes = await client.GetAsync("api/v1/nodes?stale=ok", ApiJson.Default.NodeListView);
        var placements = _placements ?? await client.GetAsync("api/v1/placements?stale=ok", ApiJson.Default.PlacementListView);
        var now = time.GetTimestamp();
        var status = await StatusAsync(AdminJson.Default.StatusView);
        (_before, _now, _between, _at) = (_now, status, _now is null ? TimeSpan.Zero : time.GetElapsedTime(_at, now), now);
        return TopRows.Of(nodes, placements, _before, _now, _between);
    }

    // A viewer of one tenant may see nodes and placements, but not the node's status.
    private async Task<StatusView?> StatusAsync(JsonTypeInfo<StatusView> type)
    {
        try
        {
            return await client.GetAsync("api/v1/status", type);
        }
        catch (RemoteException)
        {
            return null;
        }
    }
}
