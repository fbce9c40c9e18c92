using System.CommandLine;
using System.Text.Json;
using Edge.Messages.Tenants;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli;

/// <summary><c>edge describe KIND NAME</c>: everything about one thing, in text: its manifest and where it runs; of a node its state and what runs there.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var kind = new Argument<string>("KIND") { Description = $"Kind: {KindName.Allowed}." };
        var name = new Argument<string>("NAME") { Description = "Which one." };
        var tenant = TenantOption.Create("Its tenant. Default: default.");
        var stale = new Option<bool>("--stale") { Description = "Take what this node has, without asking the others." };
        var command = new Command("describe", "Show everything about one thing.") { kind, name, tenant, stale };
        return server.Run(command, async (parsed, client) =>
        {
            var (what, which, query, to) = (KindName.Parse(parsed.GetRequiredValue(kind)), parsed.GetRequiredValue(name), parsed.GetValue(stale) ? "?stale=ok" : "", parsed.InvocationConfiguration.Output);
            if (what.Name == "Node") await NodeAsync(client, which, query, to);
            else if (what.IsManifest) await ResourceAsync(client, what, parsed.GetValue(tenant), which, query, to);
            else throw new RemoteException($"There is no more to say about a {what.Name.ToLowerInvariant()} than 'edge get {what.Name.ToLowerInvariant()}s -o wide' does.", EdgeCli.BadUsage);
            return EdgeCli.Done;
        });
    }

    /// <summary>A node's state and what runs there.</summary>
    public static async Task NodeAsync(ApiClient client, string name, string query, TextWriter to)
    {
        var node = await client.GetAsync($"api/v1/nodes/{Uri.EscapeDataString(name)}{query}", ApiJson.Default.NodeView);
        var placements = await client.GetAsync($"api/v1/placements?node={Uri.EscapeDataString(name)}{query.Replace('?', '&')}", ApiJson.Default.PlacementListView);
        Line(to, "Name", node.Name);
        Line(to, "Role", node.Role);
        Line(to, "State", node.Cordoned is { } reason ? $"{node.State} ({reason})" : node.State);
        Line(to, "Version", node.Version);
        Line(to, "Member", node.Member);
        Line(to, "Epoch", node.Epoch);
        Line(to, "Lease", GetOthers.Ms(node.LeaseMs));
        Line(to, "Clock offset", GetOthers.Ms(node.ClockOffsetMs));
        Line(to, "Flush p99", GetOthers.Ms(node.FlushP99Ms));
        Line(to, "Memory", Mebibytes(node.MemoryBytes, node.CapacityMemoryBytes));
        Line(to, "Instances", node.Instances is { } instances ? $"{instances} of {node.CapacityInstances}" : null);
        Line(to, "Labels", string.Join(' ', node.Labels.Select(label => $"{label.Key}={label.Value}")));
        Line(to, "Addresses", string.Join(' ', node.Addresses.Select(address => $"{address.Key}={address.Value}")));
        Line(to, "Actors", $"{node.Actors}");
        foreach (var placement in placements.Items) to.WriteLine($"  {placement.Kind}/{placement.Identity}  epoch {placement.Epoch}{(placement.MovingTo is { } next ? $"  moving to {next}" : "")}");
    }

    private static async Task ResourceAsync(ApiClient client, KindName kind, string? tenant, string name, string query, TextWriter to)
    {
        var resource = JsonSerializer.Deserialize(await client.TextAsync(GetResources.PathOf(kind, tenant, name) + query), ApiJson.Default.ResourceView)!;
        Line(to, "Kind", resource.Kind);
        Line(to, "Tenant", resource.Tenant);
        Line(to, "Name", resource.Name);
        Line(to, "Version", $"{resource.Version}, since {resource.CreatedIndex}");
        if (resource.Digest is { } digest) Line(to, "Digest", digest);
        if (kind.Name == "Channel") await PlacedAsync(client, $"{tenant ?? TenantName.Default.Value}/{name}", query, to);
        to.WriteLine();
        to.Write(GetResources.Yaml(resource));
    }

    private static async Task PlacedAsync(ApiClient client, string identity, string query, TextWriter to)
    {
        var placements = await client.GetAsync($"api/v1/placements{query}", ApiJson.Default.PlacementListView);
        if (placements.Items.FirstOrDefault(one => one.Kind == "channel" && one.Identity == identity) is not { } placed)
        {
            Line(to, "Runs on", "not placed yet");
            return;
        }
        Line(to, "Runs on", placed.Node.Length > 0 ? placed.Node : $"nowhere: {placed.Reason}");
        Line(to, "Standby", placed.Standby);
        Line(to, "Epoch", placed.Epoch);
        if (placed.MovingTo is { } next) Line(to, "Moving to", next);
    }

    private static string? Mebibytes(long? used, long? of) => used is { } bytes ? $"{bytes >> 20} MiB of {of >> 20} MiB" : null;

    private static void Line(TextWriter to, string what, string? value) => to.WriteLine($"{what + ":",-14}{(string.IsNullOrEmpty(value) ? "-" : value)}");
}
