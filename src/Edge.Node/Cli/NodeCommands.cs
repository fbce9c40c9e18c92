using System.CommandLine;
using System.Text.Json;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;
using Edge.Node.Hosting;

namespace Edge.Node.Cli;

/// <summary><c>edge node ls|describe|cordon|uncordon|drain|rm</c>.</summary>
internal static class NodeCommands
{
    public static Command Create() => new("node", "The site's nodes.") { Ls(), Describe(), Cordon(), Uncordon(), Drain(), Rm() };

    private static Command Ls()
    {
        var server = new ServerOptions();
        var output = OutputOption.Objects();
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on with every change." };
        var stale = new Option<bool>("--stale") { Description = "Take what this node has, without asking the others." };
        return server.Run(new Command("ls", "List the nodes: role, lease, epoch, load, version, clock offset.") { output, watch, stale }, (parsed, client) =>
            GetOthers.NodesAsync(client, null, new GetView(null, parsed.GetRequiredValue(output), parsed.GetValue(watch), parsed.GetValue(stale), parsed.InvocationConfiguration.Output)));
    }

    private static Command Describe()
    {
        var server = new ServerOptions();
        var name = Name();
        return server.Run(new Command("describe", "Show everything about a node.") { name }, async (parsed, client) =>
        {
            await DescribeCommand.NodeAsync(client, parsed.GetRequiredValue(name), "", parsed.InvocationConfiguration.Output);
            return EdgeCli.Done;
        });
    }

    private static Command Cordon()
    {
        var server = new ServerOptions();
        var (name, reason) = (Name(), Reason());
        return server.Run(new Command("cordon", "Place nothing new on a node; what is there stays.") { name, reason }, async (parsed, client) =>
        {
            await ChangeAsync(client, parsed.GetRequiredValue(name), "cordon", parsed.GetValue(reason));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"cordoned  {parsed.GetRequiredValue(name)}");
            return EdgeCli.Done;
        });
    }

    private static Command Uncordon()
    {
        var server = new ServerOptions();
        var name = Name();
        return server.Run(new Command("uncordon", "End a cordon or a drain.") { name }, async (parsed, client) =>
        {
            await ChangeAsync(client, parsed.GetRequiredValue(name), "uncordon", null);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"uncordoned  {parsed.GetRequiredValue(name)}");
            return EdgeCli.Done;
        });
    }

    private static Command Drain()
    {
        var server = new ServerOptions();
        var (name, reason) = (Name(), Reason());
        var noWait = new Option<bool>("--no-wait") { Description = "Ask for it, and do not wait for its end." };
        return server.Run(new Command("drain", "Move everything away from a node, one by one, and wait for it. Ctrl-C ends the waiting only.") { name, reason, noWait }, async (parsed, client) =>
        {
            var (node, to) = (parsed.GetRequiredValue(name), parsed.InvocationConfiguration.Output);
            await ChangeAsync(client, node, "drain", parsed.GetValue(reason));
            if (parsed.GetValue(noWait))
            {
                await to.WriteLineAsync($"draining  {node}. 'edge node uncordon {node}' ends it.");
                return EdgeCli.Done;
            }
            using var signals = new StopSignals();
            var drained = FollowAsync(client, node, to);
            if (await Task.WhenAny(drained, signals.Asked) == drained) return await drained;
            await to.WriteLineAsync($"The drain of {node} goes on. 'edge node ls' shows it; 'edge node uncordon {node}' ends it.");
            return EdgeCli.Failed;
        });
    }

    private static Command Rm()
    {
        var server = new ServerOptions();
        var name = Name();
        return server.Run(new Command("rm", "Remove a node from the site: its certificate is refused everywhere from then on.") { name }, async (parsed, client) =>
        {
            await client.DeleteAsync($"api/v1/nodes/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}");
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"removed  {parsed.GetRequiredValue(name)}");
            return EdgeCli.Done;
        });
    }

    private static async Task<int> FollowAsync(ApiClient client, string name, TextWriter to)
    {
        int? most = null, shown = null;
        await foreach (var one in client.WatchAsync($"api/v1/nodes/{Uri.EscapeDataString(name)}?watch=true"))
        {
            if (one.Name == "gone") throw new RemoteException($"Node '{name}' was removed from the site.");
            if (one.Name == "denied") throw new RemoteException("The node ended the watch: the token is not valid any more. The drain goes on.");
            if (one.Name != "state") continue;
            var node = JsonSerializer.Deserialize(one.Data, EventJson.Default.NodeView)!;
            if (!node.Draining) throw new RemoteException($"The drain of {name} was ended by somebody else: it is {node.State} with {node.Actors} actors.");
            most = Math.Max(most ?? 0, node.Actors);
            if (shown == node.Actors) continue;
            shown = node.Actors;
            await to.WriteLineAsync($"draining  {name}  {most - node.Actors} of {most} moved");
            if (node.Actors > 0) continue;
            await to.WriteLineAsync($"drained  {name}. It stays cordoned until 'edge node uncordon {name}'.");
            return EdgeCli.Done;
        }
        throw new RemoteException($"The node that was asked ended the watch before {name} was drained. The drain goes on; 'edge node ls' shows it.");
    }

    private static Task<string> ChangeAsync(ApiClient client, string name, string verb, string? reason) =>
        client.PostTextAsync($"api/v1/nodes/{Uri.EscapeDataString(name)}/{verb}", new ReasonView { Reason = reason ?? "" }, ApiJson.Default.ReasonView);

    private static Argument<string> Name() => new("NAME") { Description = "The node." };

    private static Option<string?> Reason() => new("--reason") { Description = "Why; others see it in 'edge node ls' and 'edge audit'.", HelpName = "TEXT" };
}
