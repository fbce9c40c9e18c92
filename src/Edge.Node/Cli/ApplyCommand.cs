using System.CommandLine;
using System.Globalization;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli;

/// <summary>
/// <c>edge apply</c>: hands manifests to a node, which checks them together with all that is there and writes those that differ, all or none. Module files are uploaded first. Exit code 0 done, 1 refused or a conflict, 2 mistakes in
/// the manifests.
/// </summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var paths = Submission.PathsOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Check, say what would be done, and do nothing (module files are uploaded all the same)." };
        var create = new Option<bool>("--create") { Description = "Refuse what is there already." };
        var expect = new Option<string[]>("--expect")
        {
            Description = "The version that an edit was made of, as 'edge get -o yaml' shows it: refused if it is another now. May be given more than once.",
            HelpName = "KIND/TENANT/NAME=VERSION",
            DefaultValueFactory = _ => [],
        };
        var output = OutputOption.TextOrJson();
        var command = new Command("apply", "Write manifests to a site: all that differ, or none.") { paths, dryRun, create, expect, output };
        return server.Run(command, async (parsed, client) =>
        {
            var submission = Submission.Read(parsed.GetRequiredValue(paths));
            var console = parsed.InvocationConfiguration;
            await submission.UploadAsync(client, console.Error);
            var request = new ApplyView { Files = submission.Files, DryRun = parsed.GetValue(dryRun), Create = parsed.GetValue(create), Expected = [.. parsed.GetRequiredValue(expect).Select(Expected)] };
            if (parsed.GetValue(output) == "json")
            {
                await console.Output.WriteLineAsync(await client.PostTextAsync("api/v1/apply", request, ApiJson.Default.ApplyView));
                return EdgeCli.Done;
            }
            var applied = await client.PostAsync("api/v1/apply", request, ApiJson.Default.ApplyView, ApiJson.Default.AppliedView);
            foreach (var item in applied.Items)
                await console.Output.WriteLineAsync($"{item.Outcome,-9}  {Identity(item.Kind, item.Tenant, item.Name)}  version {(item.Version == 0 ? "-" : item.Version.ToString(CultureInfo.InvariantCulture))}{(applied.DryRun ? "  (dry run)" : "")}");
            return EdgeCli.Done;
        });
    }

    /// <summary><c>Kind/tenant/name</c>, or <c>Kind/name</c> without a tenant.</summary>
    public static string Identity(string kind, string tenant, string name) => tenant.Length == 0 ? $"{kind}/{name}" : $"{kind}/{tenant}/{name}";

    private static ExpectedVersionView Expected(string text)
    {
        if (text.Split('=') is [var id, var number] && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            switch (id.Split('/'))
            {
                case [var kind, var tenant, var name]: return new(KindName.Parse(kind).Name, tenant, name, version);
                case [var kind, var name]: return new(KindName.Parse(kind).Name, "", name, version);
            }
        }
        throw new RemoteException($"--expect is '{text}'; allowed: KIND/TENANT/NAME=VERSION such as Channel/default/heart=42, or Tenant/NAME=VERSION.", EdgeCli.BadUsage);
    }
}
