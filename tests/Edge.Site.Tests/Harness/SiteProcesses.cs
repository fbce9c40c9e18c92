using Edge.Node.Admin.Routes;
using Edge.Wasm;

namespace Edge.Site.Tests.Harness;

/// <summary>A site of real processes with one replicated channel, <c>sum</c>, that counts what it is given. Ends with <see cref="DisposeAsync"/>: everything is killed and deleted.</summary>
internal sealed class SiteProcesses : IAsyncDisposable
{
    private const int VotersMax = 3;
    private static int s_sites;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-site-");
    private readonly List<NodeProcess> _nodes = [];
    private readonly Func<int, NodePlace> _place;

    private readonly string _prefix;

    private SiteProcesses(Func<int, NodePlace> place, string prefix) => (_place, _prefix) = (place, prefix);

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public string Folder => _folder.FullName;

    /// <summary>A number for addresses that no other site of this run has.</summary>
    public static int NextNumber() => Environment.ProcessId % 200 * 40 + Interlocked.Increment(ref s_sites);

    /// <summary>Founds a site, which has the founder's name, and lets nodes join it until there are <paramref name="nodes"/>.</summary>
    public static async Task<SiteProcesses> StartAsync(int nodes, Func<int, NodePlace>? place = null, string prefix = "pi")
    {
        var number = NextNumber();
        var site = new SiteProcesses(place ?? (node => NodePlace.OnLoopback(number, node)), prefix);
        try
        {
            var founder = site.New($"{prefix}-1");
            await founder.AddDeviceAsync();
            await founder.StartAsync("-f", site.WriteManifests());
            if (founder.Place.Namespace is not null) founder.Place = founder.Place with { Token = await founder.AdminAsync() };
            while (site._nodes.Count < nodes) await site.JoinAsync();
            await site.AtRestAsync("the site forms");
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public NodeProcess this[string name] => _nodes.Single(node => node.Name == name);

    /// <summary>A further node, not started.</summary>
    public NodeProcess New(string name)
    {
        var node = new NodeProcess(name, Folder, _place(_nodes.Count + 1) is var place && _nodes is [var founder, ..] ? place with { Token = founder.Place.Token } : place);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Takes a node out that is not of the site any more, or never was.</summary>
    public async Task ForgetAsync(NodeProcess node)
    {
        await node.KillAsync();
        _nodes.Remove(node);
    }

    /// <summary>A node joins.</summary>
    public async Task<NodeProcess> JoinAsync()
    {
        var node = New($"{_prefix}-{_nodes.Count + 1}");
        await node.AddDeviceAsync();
        await node.StartAsync(await JoinArgumentsAsync());
        return node;
    }

    /// <summary>What a node needs to join: a new token, and where the site is.</summary>
    public async Task<string[]> JoinArgumentsAsync() => ["--join", await NewTokenAsync(), "--site", $"{Running().Place.Peers}"];

    /// <summary>A new token for a node.</summary>
    public async Task<string> NewTokenAsync(TimeSpan? lasts = null)
    {
        using var api = Running().Api();
        var request = new NewTokenView { Purpose = "node", ExpiresInS = (long)(lasts?.TotalSeconds ?? 0) };
        return (await api.PostAsync("api/v1/tokens", request, ApiJson.Default.NewTokenView, ApiJson.Default.IssuedTokenView)).Token;
    }

    /// <summary>Waits until every node that runs sees every node ready, three votes, and the channel with an owner and a standby, all the same.</summary>
    public async Task<PlacementView> AtRestAsync(string phase)
    {
        var running = _nodes.Where(node => node.Runs).ToList();
        await Task.WhenAll(running.Select(node => Waiting.FirstAsync(
            node, "api/v1/nodes", EventJson.Default.NodeListView,
            list => list.Items.Count(one => one.State == "ready") == running.Count && list.Items.Count(Votes) == Math.Min(VotersMax, running.Count),
            list => string.Join(", ", list.Items.Select(one => $"{one.Name} {one.Role} {one.State}")), $"{phase}: all are ready")));
        var placed = await Task.WhenAll(running.Select(node => PlacedAsync(node, one => one.Node.Length > 0 && (one.Standby.Length > 0 || running.Count == 1) && one.MovingTo is null, $"{phase}: the channel is placed")));
        return placed[0];
    }

    /// <summary>Waits until a node sees the channel placed so.</summary>
    public static async Task<PlacementView> PlacedAsync(NodeProcess node, Func<PlacementView, bool> wanted, string phase)
    {
        var list = await Waiting.FirstAsync(
            node, "api/v1/placements", EventJson.Default.PlacementListView, list => list.Items is [var one] && wanted(one),
            list => string.Join(", ", list.Items.Select(one => $"{one.Identity} on '{one.Node}', standby '{one.Standby}', moving to '{one.MovingTo}', epoch {one.Epoch} {one.Reason}")), phase);
        return list.Items[0];
    }

    /// <summary>The node that leads the book.</summary>
    public async Task<NodeProcess> LeaderAsync()
    {
        using var api = Running().Api();
        var list = await api.GetAsync("api/v1/nodes", ApiJson.Default.NodeListView);
        return this[list.Items.Single(node => node.Role == "leader").Name];
    }

    /// <summary>Has a node drained, cordoned or uncordoned.</summary>
    public async Task PostAsync(NodeProcess node, string verb)
    {
        using var api = Running().Api();
        await api.PostTextAsync($"api/v1/nodes/{node.Name}/{verb}", new ReasonView { Reason = "scenario" }, ApiJson.Default.ReasonView);
    }

    /// <summary>Brings the channel to a node, by draining the others, and waits for rest.</summary>
    public async Task MoveAsync(NodeProcess target)
    {
        await AtRestAsync("before a move");
        foreach (var other in _nodes.Where(node => node != target)) await PostAsync(other, "drain");
        await PlacedAsync(target, one => one.Node == target.Name && one.MovingTo is null, $"the channel moves to {target.Name}");
        foreach (var other in _nodes.Where(node => node != target)) await PostAsync(other, "uncordon");
        await AtRestAsync("after a move");
    }

    public static bool Votes(NodeView node) => node.Role is "leader" or "voter";

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private NodeProcess Running() => _nodes.First(node => node.Runs);

    private string WriteManifests()
    {
        var folder = Path.Combine(Folder, "manifests");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "sum.wasm"), WebAssemblyText.ToWasm(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Harness", "Sum.wat"))));
        File.WriteAllText(Path.Combine(folder, "sum.yaml"), Manifests);
        return folder;
    }

    private const string Manifests = """
        apiVersion: edge/v1
        kind: Module
        metadata: {name: sum}
        spec: {file: sum.wasm, ports: [sum]}
        ---
        apiVersion: edge/v1
        kind: Channel
        metadata: {name: sum}
        spec:
          source:
            topic: in/+
            payload: {format: bytes}
            key: {topicLevel: 1}
          module: sum
          durability: replicated
          onPartition: hold
          ports:
            sum: {topic: "out/{key}", qos: 1}
        """;
}
