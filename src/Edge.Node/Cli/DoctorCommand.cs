using System.CommandLine;
using System.Data.Common;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Edge.Cluster.Transport;
using Edge.Messages.Channels;
using Edge.Node.Diagnosis;
using Edge.Node.Storage;

namespace Edge.Node.Cli;

/// <summary><c>edge doctor</c>: what is wrong with this machine or data folder, and the remedy. Exit code 1 when a check fails; warnings do not count.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static Command Create()
    {
        var data = SharedOptions.Data();
        var files = new Option<string[]>("--file", "-f") { Description = "Manifests to check too.", HelpName = "DIR|FILE", DefaultValueFactory = _ => [] };
        var mqtt = EndPointOption.Create("--mqtt", "Where the MQTT broker will listen.", 1883);
        var http = EndPointOption.Create("--http", "Where the admin server will listen.", 8080);
        var peers = EndPointOption.Create("--peers", "Where the node will hear other nodes.", PeerProtocol.Port, IPAddress.Any);
        var output = new Option<string>("--output", "-o") { Description = "table: for people; json: for programs.", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var forget = new Option<string?>("--forget") { Description = "Delete the state of a channel, so that it starts over. The node must be stopped.", HelpName = "TENANT/CHANNEL" };
        var command = new Command("doctor", "What is wrong with this machine or data folder, and the remedy.") { data, files, mqtt, http, peers, output, forget };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(data).FullName.TrimEnd('/');
            if (parsed.GetValue(forget) is { } channel)
                return Forget(folder, channel);
            var running = DataFolderCheck.IsHeld(folder);
            var findings = Doctor.Examine(
            [
                new KernelCheck(Environment.OSVersion.Version), new ClockCheck(TimeProvider.System), new MapCountCheck("/"), new OpenFilesCheck("/"), new MemoryLimitCheck("/"),
                new NativeCodeCheck(), new DataFolderCheck(folder), new FileSystemCheck(folder, "/"), new SyncLatencyCheck(folder, TimeProvider.System),
                new DamageCheck(folder, TimeProvider.System), new ManifestCheck(parsed.GetRequiredValue(files)),
                new PortCheck("MQTT", parsed.GetRequiredValue(mqtt), "--mqtt", running), new PortCheck("HTTP", parsed.GetRequiredValue(http), "--http", running),
                new PortCheck("nodes", parsed.GetRequiredValue(peers), "--peers", running),
            ]);
            Print(findings, parsed.GetRequiredValue(output) == "json", parsed.InvocationConfiguration.Output);
            return findings.Any(finding => finding.Verdict == Verdict.Failed) ? EdgeCli.Failed : EdgeCli.Done;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Finding> findings, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(findings, Indented));
            return;
        }
        var width = findings.Max(finding => finding.Check.Length);
        foreach (var finding in findings)
        {
            output.WriteLine($"{Word(finding.Verdict),-7}  {finding.Check.PadRight(width)}  {finding.Found}");
            if (finding.Remedy is not null)
                output.WriteLine($"{"",-7}  {"".PadRight(width)}  → {finding.Remedy}");
        }
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Ok => "ok", Verdict.Warning => "warning", _ => "FAILED" };

    private static int Forget(string folder, string name)
    {
        try
        {
            var channel = ChannelId.Parse(name);
            if (!File.Exists(DataFolder.StateFileOf(folder)))
                throw new DataFolderException($"Data folder {folder} has no channel state. Name the node's folder with --data.");
            using var data = DataFolder.Open(folder);
            foreach (var other in ChannelStore.Forget(data.StateFile, channel))
                Console.WriteLine($"'{other}' had only damaged rows and was deleted with it.");
            Console.WriteLine($"Channel '{channel}' has no state now: it starts over with the next edge up, from what the intake log still holds.");
            return EdgeCli.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException or DbException)
        {
            Console.Error.WriteLine(failure.Message);
            return failure is FormatException ? EdgeCli.BadUsage : EdgeCli.Failed;
        }
    }
}
