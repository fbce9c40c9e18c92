using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli;

/// <summary><c>edge audit</c>: who changed what, the newest last.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var limit = new Option<int>("--limit", "-n") { Description = "How many of the newest entries.", DefaultValueFactory = _ => 100 };
        var stale = new Option<bool>("--stale") { Description = "Take what this node has, without asking the others." };
        var output = OutputOption.TextOrJson();
        var command = new Command("audit", "Show who changed what.") { limit, stale, output };
        return server.Run(command, async (parsed, client) =>
        {
            var text = await client.TextAsync($"api/v1/audit?limit={parsed.GetValue(limit)}{(parsed.GetValue(stale) ? "&stale=ok" : "")}");
            var to = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(output) == "json")
            {
                await to.WriteLineAsync(text);
                return EdgeCli.Done;
            }
            var table = new TextTable("TIME", "INDEX", "WHO", "VERB", "SUBJECT", "DETAIL");
            foreach (var entry in JsonSerializer.Deserialize(text, ApiJson.Default.AuditView)!.Items)
                table.Add(Time(entry.TimeUs), entry.Index.ToString(CultureInfo.InvariantCulture), entry.Who, entry.Verb, entry.Subject, entry.Detail);
            table.Write(to);
            return EdgeCli.Done;
        });
    }

    /// <summary>Microseconds since 1970 as UTC to the second.</summary>
    public static string Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
