using System.CommandLine;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli;

/// <summary>
/// <c>edge get KIND [NAME]</c>: what is declared, and nodes, placements and tokens. With <c>--watch</c> it goes on until it is ended. Without <c>--stale</c> the answer holds every change that was acknowledged before; with it a
/// node answers by what it has, also when it cannot reach the others.
/// </summary>
internal static class GetCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var kind = new Argument<string>("KIND") { Description = $"What: {KindName.Allowed}; or all." };
        var name = new Argument<string?>("NAME") { Description = "Which one.", Arity = ArgumentArity.ZeroOrOne };
        var tenant = TenantOption.Create("Only of this tenant; with a NAME its tenant (default).");
        var output = OutputOption.Objects();
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on with every change." };
        var stale = new Option<bool>("--stale") { Description = "Take what this node has, without asking the others." };
        var command = new Command("get", "Show what a site has.") { kind, name, tenant, output, watch, stale };
        return server.Run(command, (parsed, client) => RunAsync(
            client, parsed.GetRequiredValue(kind), parsed.GetValue(name),
            new GetView(parsed.GetValue(tenant), parsed.GetRequiredValue(output), parsed.GetValue(watch), parsed.GetValue(stale), parsed.InvocationConfiguration.Output)));
    }

    private static Task<int> RunAsync(ApiClient client, string kind, string? name, GetView view)
    {
        if (kind.Equals("all", StringComparison.OrdinalIgnoreCase)) return GetResources.RunAsync(client, null, null, view);
        var what = KindName.Parse(kind);
        return what.Name switch
        {
            "Node" => GetOthers.NodesAsync(client, name, view),
            "Placement" => GetOthers.PlacementsAsync(client, name, view),
            "Token" => GetOthers.TokensAsync(client, name, view),
            _ => GetResources.RunAsync(client, what, name, view),
        };
    }
}
