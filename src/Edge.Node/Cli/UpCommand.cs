using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Edge.Actors;
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
        var http = EndPointOption.Create("--http", "Where the admin HTTP server listens; loopback only.", 8080);
        var log = new Option<string>("--log") { Description = "How log lines look: text or json.", DefaultValueFactory = _ => "text" };
        log.AcceptOnlyFromAmong("text", "json");
        var command = new Command("up", "Start a node and run it until it is told to stop.") { manifests, data, mqtt, http, log };
        command.SetAction((parsed, _) => RunAsync(new NodeOptions
        {
            Manifests = parsed.GetValue(manifests),
            Data = parsed.GetRequiredValue(data).FullName,
            Mqtt = parsed.GetRequiredValue(mqtt),
            Http = parsed.GetRequiredValue(http),
            JsonLog = parsed.GetValue(log) == "json",
        }));
        return command;
    }

    private static async Task<int> RunAsync(NodeOptions options)
    {
        if (!IPAddress.IsLoopback(options.Http.Address))
        {
            return Say($"HTTP may not listen on {options.Http}: the admin server asks for no credentials. Allowed: a loopback address.", EdgeCli.BadUsage);
        }

        if (LoadSite(options.Manifests) is not { } site)
        {
            return EdgeCli.BadUsage;
        }

        using var signals = new StopSignals();
        try
        {
            await using var node = await EdgeNode.StartAsync(options, site, TimeProvider.System);
            var took = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
            Console.WriteLine(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"edge ready in {took.TotalSeconds:0.00} s  mqtt {node.Mqtt}  http {node.Http}  data {options.Data}"));
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

    private static SiteManifest? LoadSite(string? manifests)
    {
        if (manifests is null)
        {
            return new([], [], []);
        }

        var load = SiteLoader.Load([manifests]);
        foreach (var mistake in load.Mistakes)
        {
            Console.Error.WriteLine(mistake);
        }

        return load.Mistakes.Count == 0 ? load.Site : null;
    }

    private static int Say(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
