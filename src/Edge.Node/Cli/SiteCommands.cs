using System.CommandLine;
using Edge.Cluster.Book;
using Edge.Cluster.Raft;
using Edge.Node.Cli.Remote;
using Edge.Node.Site;
using Edge.Node.Site.Recovery;
using Edge.Node.Storage;
using Edge.Node.Telemetry;

namespace Edge.Node.Cli;

/// <summary><c>edge site backup|restore|recover|leave</c>. A backup is asked of a running node; the others work on the data folder of a stopped one.</summary>
internal static class SiteCommands
{
    public static Command Create() => new("site", "Back up the site's book, and carry a site on from one node.") { Backup(), Restore(), Recover(), Leave() };

    private static Command Backup()
    {
        var server = new ServerOptions();
        var file = new Argument<FileInfo>("FILE") { Description = "Where the backup is written; one that is there is replaced." };
        return server.Run(new Command("backup", "Write the whole book to a file: nodes, resources, tokens (hashed), audit. Without keys and module bytes.") { file }, async (parsed, client) =>
        {
            var to = parsed.GetRequiredValue(file).FullName;
            if (BookFile.Unpack(await client.BytesAsync("api/v1/site/backup"), "The answer") is not BookFileReading.Whole whole)
                throw new RemoteException("The node's answer is damaged. Ask again.");
            try
            {
                BookFile.Write(to, whole.State);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new RemoteException($"The backup cannot be written to {to}: {failure.Message}", EdgeCli.Failed, failure);
            }

            var modules = whole.State.Resources.Values.Where(one => one.Digest.Length > 0).Select(one => one.Digest).Distinct().Count();
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"backed up  site {whole.State.Site?.Name}  index {whole.State.Index}  {whole.State.Resources.Count} resources  {whole.State.Nodes.Count} nodes  {new FileInfo(to).Length} bytes");
            if (modules > 0) await parsed.InvocationConfiguration.Output.WriteLineAsync($"The bytes of {modules} module(s) are not in it: keep their files beside your manifests.");
            return EdgeCli.Done;
        });
    }

    private static Command Restore()
    {
        var data = SharedOptions.Data();
        var file = new Argument<FileInfo>("FILE") { Description = "The backup." };
        var name = new Option<string?>("--name") { Description = "The node's name, if the data folder belongs to no site yet. Default: the machine's.", HelpName = "NAME" };
        var command = new Command("restore", "Carry a site on from a backup, on one stopped node. All other nodes join again afterwards.") { file, data, name };
        return On(command, data, async (parsed, recovery, stop) => Read(parsed.GetRequiredValue(file).FullName, out var mistake) is { } backup
            ? await recovery.RestoreAsync(backup, parsed.GetValue(name) ?? NodeNames.OfMachine(), stop)
            : new RecoveryOutcome.Refused(mistake));
    }

    private static Command Recover()
    {
        var data = SharedOptions.Data();
        var sure = new Option<bool>("--i-know-the-others-are-gone") { Description = "Needed: nodes of before that still run would go on beside this one." };
        var keep = new Option<string[]>("--keep") { Description = "A follower that remains a member; never one that held a vote. May be given more than once.", HelpName = "NODE", DefaultValueFactory = _ => [] };
        var command = new Command("recover", "Carry a site that lost its majority on, from one stopped node that is left. All other nodes join again afterwards.") { data, sure, keep };
        return On(command, data, (parsed, recovery, stop) => parsed.GetValue(sure)
            ? recovery.RecoverAsync(parsed.GetRequiredValue(keep), stop)
            : Task.FromResult<RecoveryOutcome>(new RecoveryOutcome.Refused(
                "This makes a site of this node alone. If other nodes still run, or are started again as they are, two sites act at once. Stop them for good first, then repeat with --i-know-the-others-are-gone. While a majority of the voters is alive, nothing has to be recovered.")));
    }

    private static Command Leave()
    {
        var data = SharedOptions.Data();
        var command = new Command("leave", "Make the data folder of a stopped node forget its site, so that it can join again. Readings, state and modules stay.") { data };
        command.SetAction((parsed, _) => InFolderAsync(parsed, data, folder => Task.FromResult(new SiteLeaving(folder, TimeProvider.System).Leave())));
        return command;
    }

    private static Command On(Command command, Option<DirectoryInfo> data, Func<ParseResult, SiteRecovery, CancellationToken, Task<RecoveryOutcome>> action)
    {
        command.SetAction((parsed, stop) => InFolderAsync(parsed, data, async folder =>
        {
            await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging(logs => NodeTelemetry.AddLogs(logs, json: false)).BuildServiceProvider();
            return await action(parsed, new(folder, TimeProvider.System, services.GetRequiredService<ILoggerFactory>()), stop);
        }));
        return command;
    }

    private static async Task<int> InFolderAsync(ParseResult parsed, Option<DirectoryInfo> option, Func<DataFolder, Task<RecoveryOutcome>> action)
    {
        try
        {
            using var data = DataFolder.Open(parsed.GetRequiredValue(option).FullName);
            switch (await action(data))
            {
                case RecoveryOutcome.Done done:
                    foreach (var line in done.Lines) await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
                    return EdgeCli.Done;
                case RecoveryOutcome.Refused refused:
                    await parsed.InvocationConfiguration.Error.WriteLineAsync(refused.Message);
                    return EdgeCli.Failed;
                case var other:
                    throw new InvalidOperationException($"Unexpected outcome {other.GetType().Name}.");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or BookFormatException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(failure.Message);
            return EdgeCli.Failed;
        }
    }

    private static BookState? Read(string file, out string mistake)
    {
        mistake = "";
        if (!File.Exists(file))
        {
            mistake = $"There is no file {file}. Name a backup that 'edge site backup' wrote.";
            return null;
        }

        if (BookFile.Read(file) is BookFileReading.Whole whole) return whole.State;
        mistake = $"{file} is no backup that can be trusted: it is damaged, or 'edge site backup' did not write it. Take another.";
        return null;
    }
}
