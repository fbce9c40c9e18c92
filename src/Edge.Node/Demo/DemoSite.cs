using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Demo;

/// <summary>A site of real node processes on this machine, for the demo. Ends with <see cref="DisposeAsync"/>: the processes are killed and their folders deleted.</summary>
internal sealed class DemoSite : IAsyncDisposable
{
    /// <summary>Voters of a site that has as many nodes.</summary>
    private const int Voters = 3;

    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-demo-");
    private readonly List<ChildNode> _nodes = [];
    private readonly Action<string> _say;
    private readonly TimeProvider _time;

    private DemoSite(Action<string> say, TimeProvider time) => (_say, _time) = (say, time);

    /// <summary>Its nodes, the founder first.</summary>
    public IReadOnlyList<ChildNode> Nodes => _nodes;

    /// <summary>Completes with words when a node ended that nobody killed.</summary>
    public async Task<string> LostAsync() => await await Task.WhenAny(_nodes.Select(node => node.Lost));

    /// <summary>Starts a site: one node founds it with the manifests, the others join it. Says each step.</summary>
    /// <param name="nodes">How many; at least 3.</param>
    /// <param name="manifests">Folder of the manifests.</param>
    /// <param name="say">Gets a line a step.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="DemoException">A node does not start, or does not come into the site.</exception>
    public static async Task<DemoSite> StartAsync(int nodes, string manifests, Action<string> say, TimeProvider time, CancellationToken stop)
    {
        var site = new DemoSite(say, time);
        try
        {
            await site.FoundAsync(manifests, stop);
            while (site._nodes.Count < nodes) await site.JoinAsync(stop);
            return site;
        }
        catch (RemoteException refused)
        {
            await site.DisposeAsync();
            throw new DemoException(refused.Message);
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every node is a member, three hold the book, and the channel has an owner and a standby.</summary>
    /// <returns>Where the channel is.</returns>
    /// <exception cref="DemoException">It did not come to that in time; says what it was last.</exception>
    public async Task<PlacementView> UntilSettledAsync(CancellationToken stop)
    {
        var nodes = await FirstAsync(_nodes[0], "api/v1/nodes", EventJson.Default.NodeListView, HasAll, list => string.Join(", ", list.Items.Select(node => $"{node.Name} {node.Role} {node.State}")), stop);
        _say($"{nodes.Items.Count} members, {nodes.Items.Count(Votes)} of them hold the site's book: {string.Join(", ", nodes.Items.Select(node => $"{node.Name} {node.Role}"))}");
        var placed = await PlacedAsync(_nodes[0], placement => placement.Node.Length > 0 && placement.Standby.Length > 0 && placement.MovingTo is null, stop);
        _say($"channel '{placed.Identity}' runs on {placed.Node}; {placed.Standby} keeps a copy of its state");
        return placed;
    }

    /// <summary>Waits until the book, as a node sees it, places the demo's channel so.</summary>
    /// <exception cref="DemoException">It did not come to that in time; says what it was last.</exception>
    public async Task<PlacementView> PlacedAsync(ChildNode node, Func<PlacementView, bool> wanted, CancellationToken stop)
    {
        var list = await FirstAsync(
            node, "api/v1/placements", EventJson.Default.PlacementListView, list => list.Items is [var one] && wanted(one),
            list => string.Join(", ", list.Items.Select(one => $"{one.Identity} on '{one.Node}', standby '{one.Standby}', epoch {one.Epoch}{(one.Reason is null ? "" : $" ({one.Reason})")}")), stop);
        return list.Items[0];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        _nodes.Clear();
        _folder.Delete(recursive: true);
    }

    private async Task FoundAsync(string manifests, CancellationToken stop)
    {
        var node = await StartNodeAsync(["-f", manifests], stop);
        _say($"{node.Name} founded a site; MQTT on {node.Mqtt}");
    }

    private async Task JoinAsync(CancellationToken stop)
    {
        using var api = _nodes[0].Api();
        var token = await api.PostAsync("api/v1/tokens", new NewTokenView { Purpose = "node" }, ApiJson.Default.NewTokenView, ApiJson.Default.IssuedTokenView);
        var started = _time.GetTimestamp();
        var node = await StartNodeAsync(["--join", token.Token, "--site", _nodes[0].Peers.ToString()], stop);
        _say(string.Create(CultureInfo.InvariantCulture, $"{node.Name} joined it {_time.GetElapsedTime(started).TotalSeconds:0.0} s after its start; MQTT on {node.Mqtt}"));
    }

    private async Task<ChildNode> StartNodeAsync(string[] arguments, CancellationToken stop)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"pi-{_nodes.Count + 1}");
        var node = await ChildNode.StartAsync(name, Path.Combine(_folder.FullName, name), arguments, _time, stop);
        _nodes.Add(node);
        return node;
    }

    private bool HasAll(NodeListView list) => list.Items.Count(node => node.State == "ready") == _nodes.Count && list.Items.Count(Votes) == Voters;

    private static bool Votes(NodeView node) => node.Role is "leader" or "voter";

    private async Task<T> FirstAsync<T>(ChildNode node, string path, JsonTypeInfo<T> type, Func<T, bool> wanted, Func<T, string> words, CancellationToken stop)
        where T : class
    {
        using var limit = new CancellationTokenSource(SettleLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var last = "nothing";
        try
        {
            using var api = node.Api();
            await foreach (var one in api.WatchAsync($"{path}?watch=true", either.Token))
            {
                if (one.Name != "state" || JsonSerializer.Deserialize(one.Data, type) is not { } state) continue;
                if (wanted(state)) return state;
                last = words(state);
            }

            throw new DemoException($"Node '{node.Name}' ended the watch of {path}. It said last: {last}.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new DemoException($"The site did not settle in {SettleLimit.TotalSeconds:0} s. Node '{node.Name}' said last of {path}: {last}.");
        }
        catch (Exception failure) when (failure is RemoteException or IOException)
        {
            throw new DemoException($"Node '{node.Name}' cannot be watched: {failure.Message}");
        }
    }
}
