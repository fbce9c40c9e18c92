using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Node.Admin.Routes;

namespace Edge.Node.Cli.Remote;

/// <summary><c>edge get</c> of what is not declared: nodes, placements, tokens.</summary>
internal static class GetOthers
{
    public static Task<int> NodesAsync(ApiClient client, string? name, GetView view) => name is null
        ? ShowAsync(client, "api/v1/nodes", ApiJson.Default.NodeListView, EventJson.Default.NodeListView, list => Nodes(list.Items, view, list.Advice), view with { Tenant = null })
        : ShowAsync(client, $"api/v1/nodes/{Uri.EscapeDataString(name)}", ApiJson.Default.NodeView, EventJson.Default.NodeView, node => Nodes([node], view), view with { Tenant = null });

    public static Task<int> PlacementsAsync(ApiClient client, string? name, GetView view) =>
        ShowAsync(client, "api/v1/placements", ApiJson.Default.PlacementListView, EventJson.Default.PlacementListView, list => Placements(list, name, view), view);

    public static Task<int> TokensAsync(ApiClient client, string? id, GetView view)
    {
        if (view.Watch) throw new RemoteException("Tokens cannot be watched. Leave --watch out.", EdgeCli.BadUsage);
        return ShowAsync(client, "api/v1/tokens", ApiJson.Default.TokenListView, ApiJson.Default.TokenListView, list => Tokens(list, id), view with { Tenant = null });
    }

    /// <summary>A duration in milliseconds, for eyes.</summary>
    public static string? Ms(double? value) => value is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:0} ms") : null;

    private static async Task<int> ShowAsync<T>(ApiClient client, string path, JsonTypeInfo<T> type, JsonTypeInfo<T> eventType, Func<T, TextTable> table, GetView view)
    {
        if (view.Output == "yaml") throw new RemoteException("These are no manifests, so there is no YAML of them. Allowed here: table, wide, json.", EdgeCli.BadUsage);
        path += view.Query();
        if (!view.Watch)
        {
            var text = await client.TextAsync(path);
            if (view.Output == "json") await view.To.WriteLineAsync(text);
            else table(JsonSerializer.Deserialize(text, type)!).Write(view.To);
            return EdgeCli.Done;
        }
        await foreach (var one in client.WatchAsync(path))
        {
            if (one.Name != "state") continue;
            if (view.Output == "json") await view.To.WriteLineAsync(one.Data);
            else table(JsonSerializer.Deserialize(one.Data, eventType)!).Write(view.To);
        }
        return EdgeCli.Done;
    }

    private static TextTable Nodes(IReadOnlyList<NodeView> nodes, GetView view, string? note = null)
    {
        string[] headings = ["NAME", "ROLE", "STATE", "LEASE", "EPOCH", "ACTORS", "CPU", "VERSION", "CLOCK"];
        var table = new TextTable(view.Wide ? [.. headings, "MEMBER", "ADDRESS", "LABELS"] : headings) { Note = note };
        foreach (var node in nodes)
        {
            string?[] cells =
            [
                node.Name, node.Role, node.State, Ms(node.LeaseMs), node.Epoch, node.Actors.ToString(CultureInfo.InvariantCulture),
                node.Cpu?.ToString("0.00", CultureInfo.InvariantCulture), node.Version, node.ClockOffsetMs is { } offset ? $"{(offset >= 0 ? "+" : "")}{Ms(offset)}" : null,
            ];
            table.Add(view.Wide ? [.. cells, node.Member, node.Addresses.GetValueOrDefault("node"), string.Join(',', node.Labels.Select(label => $"{label.Key}={label.Value}"))] : cells);
        }
        return table;
    }

    private static TextTable Placements(PlacementListView list, string? name, GetView view)
    {
        string[] headings = ["KIND", "IDENTITY", "NODE", "STANDBY", "EPOCH", "MOVING TO", "REASON"];
        var table = new TextTable(view.Wide ? [.. headings, "MEMBER"] : headings);
        foreach (var placement in list.Items.Where(placement => name is null || placement.Identity == name || placement.Identity.EndsWith($"/{name}", StringComparison.Ordinal)))
        {
            string?[] cells = [placement.Kind, placement.Identity, placement.Node, placement.Standby, placement.Epoch, placement.MovingTo, placement.Reason];
            table.Add(view.Wide ? [.. cells, placement.Member] : cells);
        }
        return table;
    }

    private static TextTable Tokens(TokenListView list, string? id)
    {
        var table = new TextTable("ID", "PURPOSE", "NAME", "ROLE", "TENANT", "CREATED", "EXPIRES", "BY", "SPENT BY");
        foreach (var token in list.Items.Where(token => id is null || token.Id == id))
            table.Add(token.Id, token.Purpose, token.Name, token.Role, token.Purpose == "person" ? token.Tenant ?? "all" : null, AuditCommand.Time(token.CreatedUs), token.ExpiresUs == 0 ? "never" : AuditCommand.Time(token.ExpiresUs), token.CreatedBy, token.SpentByNode);
        return table;
    }
}
