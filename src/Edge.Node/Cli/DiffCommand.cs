using System.CommandLine;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli;

/// <summary><c>edge diff</c>: how manifests differ from what is there, field by field. Exit code 0 the same, 1 other (or no answer), 2 mistakes in the manifests.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var paths = Submission.PathsOption();
        var output = OutputOption.TextOrJson();
        var command = new Command("diff", "Compare manifests with what a site has.") { paths, output };
        return server.Run(command, async (parsed, client) =>
        {
            var submission = Submission.Read(parsed.GetRequiredValue(paths));
            var console = parsed.InvocationConfiguration;
            await submission.UploadAsync(client, console.Error);
            var request = new ApplyView { Files = submission.Files };
            var diff = await client.PostAsync("api/v1/diff", request, ApiJson.Default.ApplyView, ApiJson.Default.DiffView);
            if (parsed.GetValue(output) == "json") await console.Output.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize(diff, ApiJson.Default.DiffView));
            else Print(diff, console.Output);
            return diff.Items.All(item => item.Outcome == "unchanged") ? EdgeCli.Done : EdgeCli.Failed;
        });
    }

    private static void Print(DiffView diff, TextWriter output)
    {
        foreach (var item in diff.Items)
        {
            output.WriteLine($"{item.Outcome,-9}  {ApplyCommand.Identity(item.Kind, item.Tenant, item.Name)}");
            foreach (var change in item.Changes)
            {
                if (change.Old is not null) output.WriteLine($"  - {change.Path}: {change.Old}");
                if (change.New is not null) output.WriteLine($"  + {change.Path}: {change.New}");
            }
        }
    }
}
