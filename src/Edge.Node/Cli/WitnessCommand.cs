using System.CommandLine;
using System.Net;
using Edge.Cluster.Transport;
using Edge.Node.Hosting;

namespace Edge.Node.Cli;

/// <summary>
/// <c>edge witness</c>: the third vote for a site of two nodes, on any third box. It takes no readings and runs nothing. Runs until SIGTERM or SIGINT; says one line on standard output when it has
/// taken its place: <c>edge witness NAME of site SITE  peers HOST:PORT  data DIR</c>.
/// </summary>
internal static class WitnessCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var peers = EndPointOption.Create("--peers", "Where the witness hears the nodes (mutual TLS).", PeerProtocol.Port, IPAddress.Any);
        var name = new Option<string?>("--name") { Description = "The witness's name when it joins. Default: the machine's.", HelpName = "NAME" };
        var join = new Option<string?>("--join") { Description = "Join a site with a token of 'edge token create --node'. Needed once.", HelpName = "TOKEN" };
        var site = new Option<string[]>("--site") { Description = "Address of a node of the site, where multicast is filtered. May be given more than once.", HelpName = "HOST:PORT", DefaultValueFactory = _ => [] };
        var label = new Option<string[]>("--label") { Description = "A label of this witness. May be given more than once.", HelpName = "NAME[=VALUE]", DefaultValueFactory = _ => [] };
        var quiet = new Option<bool>("--no-announce") { Description = "Do not announce the witness on the LAN, and do not listen for others." };
        var log = new Option<string>("--log") { Description = "How log lines look: text or json.", DefaultValueFactory = _ => "text" };
        log.AcceptOnlyFromAmong("text", "json");
        var command = new Command("witness", "Run a vote and nothing else: the third one of a site with two nodes.") { data, peers, name, join, site, label, quiet, log };
        command.SetAction((parsed, _) => SiteArguments.Read(parsed.GetValue(join), parsed.GetRequiredValue(site), parsed.GetRequiredValue(label), out var arguments) is { } mistake ? Task.FromResult(Say(mistake, EdgeCli.BadUsage)) : RunAsync(new WitnessOptions
        {
            Data = parsed.GetRequiredValue(data).FullName,
            Peers = parsed.GetRequiredValue(peers),
            Name = parsed.GetValue(name),
            Join = arguments.Token,
            Site = arguments.Site,
            Labels = arguments.Labels,
            Announce = !parsed.GetValue(quiet),
            JsonLog = parsed.GetValue(log) == "json",
        }));
        return command;
    }

    private static async Task<int> RunAsync(WitnessOptions options)
    {
        using var signals = new StopSignals();
        try
        {
            await using var witness = await WitnessNode.StartAsync(options, TimeProvider.System);
            Console.WriteLine($"edge witness {witness.Site.Name} of site {witness.Site.Identity.SiteName}  peers {witness.Site.EndPoint}  data {options.Data}");
            await signals.Asked;
            return EdgeCli.Done;
        }
        catch (Exception failure) when (failure is NodeStartException or IOException)
        {
            return Say(failure.Message, EdgeCli.Failed);
        }
    }

    private static int Say(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
