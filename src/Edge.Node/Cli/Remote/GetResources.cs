using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Messages.Tenants;
using Edge.Node.Admin.Routes;

namespace Edge.Node.Cli.Remote;

/// <summary><c>edge get</c> of declared resources.</summary>
internal static class GetResources
{
    public static async Task<int> RunAsync(ApiClient client, KindName? kind, string? name, GetView view)
    {
        var path = name is null ? "api/v1/resources" + view.Query(("kind", kind?.Name)) : PathOf(kind!, view.Tenant, name) + (view with { Tenant = null }).Query();
        if (view.Watch)
        {
            await WatchAsync(client, path, view);
            return EdgeCli.Done;
        }
        var text = await client.TextAsync(path);
        if (view.Output == "json") await view.To.WriteLineAsync(text);
        else Show(name is null ? Read(text, ApiJson.Default.ResourceListView).Items : [Read(text, ApiJson.Default.ResourceView)], view);
        return EdgeCli.Done;
    }

    /// <summary>Path of one resource.</summary>
    public static string PathOf(KindName kind, string? tenant, string name) =>
        $"api/v1/resources/{kind.Name}/{(kind.Name == "Tenant" ? "-" : Uri.EscapeDataString(tenant ?? TenantName.Default.Value))}/{Uri.EscapeDataString(name)}";

    /// <summary>The manifest of a resource that can be applied anywhere: the bytes of a module are named by digest.</summary>
    public static string Yaml(ResourceView resource)
    {
        var document = JsonNode.Parse(resource.Document.GetRawText())!;
        if (resource.Digest is { } digest && document["spec"] is JsonObject spec) spec["file"] = digest;
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return $"# {ApplyCommand.Identity(resource.Kind, resource.Tenant, resource.Name)}={resource.Version}\n{YamlText.Of(parsed.RootElement)}";
    }

    private static T Read<T>(string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(text, type)!;

    private static void Show(IReadOnlyList<ResourceView> items, GetView view)
    {
        if (view.Output == "yaml")
        {
            view.To.Write(string.Join("---\n", items.Select(Yaml)));
            return;
        }
        var table = view.Wide ? new TextTable("KIND", "TENANT", "NAME", "VERSION", "SINCE", "DETAIL") : new TextTable("KIND", "TENANT", "NAME", "VERSION");
        foreach (var item in items)
        {
            string?[] cells = [item.Kind, item.Tenant, item.Name, item.Version.ToString(CultureInfo.InvariantCulture)];
            table.Add(view.Wide ? [.. cells, item.CreatedIndex.ToString(CultureInfo.InvariantCulture), Detail(item)] : cells);
        }
        table.Write(view.To);
    }

    private static string? Detail(ResourceView item) => item.Kind switch
    {
        "Channel" when item.Document.TryGetProperty("spec", out var spec) => $"{spec.GetProperty("source").GetProperty("topic").GetString()} -> {spec.GetProperty("module").GetString()}",
        _ => item.Digest,
    };

    private static async Task WatchAsync(ApiClient client, string path, GetView view)
    {
        await foreach (var one in client.WatchAsync(path))
        {
            if (one.Name is "cut" or "denied")
                throw new RemoteException(one.Name == "cut" ? "The node ended the watch: this side was too slow. Begin it again." : "The node ended the watch: the token is not valid any more.");
            if (one.Name is not ("put" or "delete")) continue;
            if (view.Output == "json")
            {
                await view.To.WriteLineAsync(one.Data);
                continue;
            }
            var change = JsonSerializer.Deserialize(one.Data, EventJson.Default.ResourceEventView)!;
            await view.To.WriteLineAsync($"{one.Name,-6}  {ApplyCommand.Identity(change.Kind, change.Tenant, change.Name)}  version {change.Version}");
        }
    }
}
