using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Spelling;
using Edge.Node.Admin.Watch;
using Edge.Node.Configuration;
using Edge.Node.Site;

namespace Edge.Node.Admin.Routes;

/// <summary>Nodes: what is known of them, cordon and drain, removal.</summary>
internal static class NodeRoutes
{
    /// <summary>GET /api/v1/nodes.</summary>
    public static async Task ListAsync(ApiCall call)
    {
        async Task<NodeListView?> ViewAsync(BookState state)
        {
            var sights = await call.Site.Nodes.LookAsync(call.Aborted);
            var actors = ActorsOf(state);
            return new(state.Index, [.. state.Nodes.Values.Select(node => View(node, state, call.Site.Book.Leadership, sights.GetValueOrDefault(node.Name), actors))]) { Advice = VoteAdvice.Of(state) };
        }
        if (call.Asks("watch")) await ViewWatcher.RunAsync(call, Matters, () => ViewAsync(call.Site.Book.Current), EventJson.Default.NodeListView);
        else await call.OkAsync((await ViewAsync(await call.ReadAsync()))!, ApiJson.Default.NodeListView);
    }

    /// <summary>GET /api/v1/nodes/{name}.</summary>
    public static async Task GetAsync(ApiCall call)
    {
        var name = call.Path("name");
        async Task<NodeView?> ViewAsync(BookState state)
        {
            if (!state.Nodes.TryGetValue(name, out var node)) return null;
            var sights = await call.Site.Nodes.LookAsync(call.Aborted);
            return View(node, state, call.Site.Book.Leadership, sights.GetValueOrDefault(name), ActorsOf(state));
        }
        var state = await call.ReadAsync();
        if (await ViewAsync(state) is not { } view) await NotFoundAsync(call, name, state);
        else if (call.Asks("watch")) await ViewWatcher.RunAsync(call, Matters, () => ViewAsync(call.Site.Book.Current), EventJson.Default.NodeView);
        else await call.OkAsync(view, ApiJson.Default.NodeView);
    }

    /// <summary>POST /api/v1/nodes/{name}/cordon.</summary>
    public static Task CordonAsync(ApiCall call) => CordonAsync(call, drain: false);

    /// <summary>POST /api/v1/nodes/{name}/drain.</summary>
    public static Task DrainAsync(ApiCall call) => CordonAsync(call, drain: true);

    /// <summary>POST /api/v1/nodes/{name}/uncordon.</summary>
    public static async Task UncordonAsync(ApiCall call)
    {
        if (await IsThereAsync(call)) await call.CommandAsync(command => command.CordonNode = new CordonNode { Name = call.Path("name") });
    }

    /// <summary>DELETE /api/v1/nodes/{name}.</summary>
    public static async Task RemoveAsync(ApiCall call)
    {
        if (await IsThereAsync(call)) await call.CommandAsync(command => command.RemoveNode = new RemoveNode { Name = call.Path("name") });
    }

    private static async Task CordonAsync(ApiCall call, bool drain)
    {
        if (!await IsThereAsync(call) || await call.BodyAsync(ApiJson.Default.ReasonView) is not { } body) return;
        var reason = body.Reason.Length > 0 ? body.Reason : $"by {call.Caller.Who}";
        if (reason.Length > 200 || reason.Any(char.IsControl))
            await call.ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", $"The reason has {reason.Length} characters; allowed: up to 200, none of them a control character.");
        else
            await call.CommandAsync(command => command.CordonNode = new CordonNode { Name = call.Path("name"), Reason = reason, Drain = drain });
    }

    private static async Task<bool> IsThereAsync(ApiCall call)
    {
        var state = await call.Site.Book.ReadAsync(call.Aborted);
        if (state.Nodes.ContainsKey(call.Path("name"))) return true;
        await NotFoundAsync(call, call.Path("name"), state);
        return false;
    }

    private static Task NotFoundAsync(ApiCall call, string name, BookState state) => call.ErrorAsync(
        StatusCodes.Status404NotFound, "not_found", $"There is no node '{name}'. Nodes: {Quote.List(state.Nodes.Keys)}.{NearestName.Hint(name, state.Nodes.Keys)}");

    private static bool Matters(BookChange change) =>
        !ReferenceEquals(change.Before.Nodes, change.After.Nodes) || !ReferenceEquals(change.Before.Placements, change.After.Placements) || change.Before.Voters != change.After.Voters;

    private static Dictionary<string, int> ActorsOf(BookState state) => state.Placements.Values.Where(placement => placement.Node.Length > 0).CountBy(placement => placement.Node).ToDictionary();

    private static NodeView View(NodeRecord node, BookState state, BookLeadership leadership, NodeSight? sight, Dictionary<string, int> actors) => new()
    {
        Name = node.Name,
        Role = leadership.Leader == node.Name ? "leader" : !state.Voters.Contains(node.Name) ? "follower" : node.Witness ? "witness" : "voter",
        State = node.Member is null ? "down" : node.Draining ? (actors.GetValueOrDefault(node.Name) == 0 ? "drained" : "draining") : node.HasCordoned ? "cordoned" : "ready",
        Member = node.Member?.Id,
        Epoch = node.Member is { } member ? Epochs.Text(new Epoch { Incarnation = state.Site?.Incarnation ?? 0, Index = member.SinceIndex }) : null,
        LeaseMs = sight?.LeaseLeft?.TotalMilliseconds,
        Actors = actors.GetValueOrDefault(node.Name),
        Cpu = sight?.Cpu,
        MemoryBytes = sight?.MemoryBytes,
        Instances = sight?.Instances,
        ClockOffsetMs = sight?.ClockOffset.TotalMilliseconds,
        FlushP99Ms = sight?.FlushP99.TotalMilliseconds,
        Applied = sight?.Applied,
        Version = node.Version,
        Labels = new SortedDictionary<string, string>(node.Labels, StringComparer.Ordinal),
        CapacityMemoryBytes = node.Capacity?.MemoryBytes,
        CapacityInstances = node.Capacity?.Instances,
        Addresses = AddressesOf(node),
        Cordoned = node.HasCordoned ? node.Cordoned : null,
        Draining = node.Draining,
    };

    private static Dictionary<string, string> AddressesOf(NodeRecord node) =>
        new (string Of, string? Address)[] { ("node", node.Addresses?.Node), ("actors", node.Addresses?.Actors), ("mqtt", node.Addresses?.Mqtt), ("http", node.Addresses?.Http) }
            .Where(one => !string.IsNullOrEmpty(one.Address)).ToDictionary(one => one.Of, one => one.Address!);
}
