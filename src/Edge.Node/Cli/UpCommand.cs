using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Edge.Cluster.Transport;
using Edge.Node.Configuration;
using Edge.Node.Hosting;

namespace Edge.Node.Cli;

/// <summary>
/// <c>edge up</c>: starts a node and runs it until SIGTERM or SIGINT; then it finishes what was taken and ends with 0. A second signal ends it at once.
/// Says one line on standard output when it takes messages: <c>edge ready in S s  mqtt HOST:PORT  http HOST:PORT  data DIR</c>. Everything else goes to standard error.
/// </summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var manifests = new Option<string?>("-f", "--file") { Description = "Folder or file of the manifests. Default: none, only the broker runs.", HelpName = "DIR" };
        var data = SharedOptions.Data();
        var mqtt = EndPointOption.Create("--mqtt", "Where the MQTT broker listens.", 1883);
        var http = EndPointOption.Create("--http", "Where the admin server listens: HTTP on loopback, HTTPS elsewhere.", 8080);
        var peers = EndPointOption.Create("--peers", "Where the node hears other nodes (mutual TLS).", PeerProtocol.Port, IPAddress.Any);
        var name = new Option<string?>("--name") { Description = "The node's name when it founds or joins a site. Default: the machine's.", HelpName = "NAME" };
        var join = new Option<string?>("--join") { Description = "Join a site with a token of 'edge token create --node'.", HelpName = "TOKEN" };
        var site = new Option<string[]>("--site") { Description = "Address of a node of the site, where multicast is filtered. May be given more than once.", HelpName = "HOST:PORT", DefaultValueFactory = _ => [] };
        var label = new Option<string[]>("--label") { Description = "A label of this node, for placement. May be given more than once.", HelpName = "NAME[=VALUE]", DefaultValueFactory = _ => [] };
        var follow = new Option<bool>("--follow") { Description = "Never hold the book: only follow it." };
        var quiet = new Option<bool>("--no-announce") { Description = "Do not announce the node on the LAN, and do not listen for others." };
        var log = new Option<string>("--log") { Description = "How log lines look: text or json.", DefaultValueFactory = _ => "text" };
        log.AcceptOnlyFromAmong("text", "json");
        var command = new Command("up", "Start a node and run it until it is told to stop.") { manifests, data, mqtt, http, peers, name, join, site, label, follow, quiet, log };
        command.SetAction((parsed, _) => SiteArguments.Read(parsed.GetValue(join), parsed.GetRequiredValue(site), parsed.GetRequiredValue(label), out var arguments) is { } mistake ? Task.FromResult(Say(mistake, EdgeCli.BadUsage)) : RunAsync(new NodeOptions
        {
            Manifests = parsed.GetValue(manifests),
            Data = parsed.GetRequiredValue(data).FullName,
            Mqtt = parsed.GetRequiredValue(mqtt),
            Http = parsed.GetRequiredValue(http),
            JsonLog = parsed.GetValue(log) == "json",
            Peers = parsed.GetRequiredValue(peers),
            Name = parsed.GetValue(name),
            Join = arguments.Token,
            Site = arguments.Site,
            Labels = arguments.Labels,
            MayVote = !parsed.GetValue(follow),
            Announce = !parsed.GetValue(quiet),
        }));
        return command;
    }

    private static async Task<int> RunAsync(NodeOptions options)
    {
        if (!AreGood(options.Manifests))
        {
            return EdgeCli.BadUsage;
        }

        using var signals = new StopSignals();
        try
        {
            await using var node = await EdgeNode.StartAsync(options, TimeProvider.System);
            var took = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
            Console.WriteLine(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"edge ready in {took.TotalSeconds:0.00} s  mqtt {node.Mqtt}  http {node.Http}  peers {node.Site.EndPoint}  data {options.Data}"));
            if (node.Site.FirstAdmin is { } admin)
            {
                // Shown once, and kept nowhere.
                Console.WriteLine($"edge founded site '{node.Site.Identity.SiteName}' with node '{node.Site.Name}'. Administrator's token, shown this once: {admin.Text()}");
            }

            await signals.Asked;
            await node.StopAsync();
            return EdgeCli.Done;
        }
        catch (Exception failure) when (failure is NodeStartException or IOException)
        {
            // Both are for the operator: what of the node, or which file of the data folder, and what to do.
            return Say(failure.Message, EdgeCli.Failed);
        }
    }

    // All mistakes of all files, before anything is started.
    private static bool AreGood(string? manifests)
    {
        if (manifests is null)
        {
            return true;
        }

        var load = SiteLoader.Load([manifests]);
        foreach (var mistake in load.Mistakes)
        {
            Console.Error.WriteLine(mistake);
        }

        return load.Mistakes.Count == 0;
    }

    private static int Say(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
