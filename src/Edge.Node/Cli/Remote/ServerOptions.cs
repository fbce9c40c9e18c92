using System.CommandLine;

namespace Edge.Node.Cli.Remote;

/// <summary>
/// Which node a command speaks to, and as whom: <c>--server</c> and <c>--token</c>, else EDGE_SERVER and EDGE_TOKEN, else the node that runs on this machine, by the files in its data folder.
/// </summary>
internal sealed class ServerOptions
{
    private readonly Option<string?> _server = new("--server") { Description = "The node to ask. Default: $EDGE_SERVER, or the node of the data folder.", HelpName = "URL" };
    private readonly Option<string?> _token = new("--token") { Description = "The token to show; better in $EDGE_TOKEN, since others see a command line. Default: $EDGE_TOKEN, or that of the data folder.", HelpName = "TOKEN" };
    private readonly Option<string?> _fingerprint = new("--ca-fingerprint") { Description = "SHA-256 of the site CA's certificate. Default: the one seen at the first contact.", HelpName = "HEX" };
    private readonly Option<DirectoryInfo> _data = SharedOptions.Data();

    /// <summary>Adds the options to a command.</summary>
    public Command On(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_token);
        command.Options.Add(_fingerprint);
        command.Options.Add(_data);
        return command;
    }

    /// <summary>Sets what a command does with its node; a failure is one text on standard error and an exit code.</summary>
    public Command Run(Command command, Func<ParseResult, ApiClient, Task<int>> action)
    {
        On(command).SetAction(async (parsed, _) =>
        {
            try
            {
                using var client = Connect(parsed);
                return await action(parsed, client);
            }
            catch (RemoteException failure)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(failure.Message);
                return failure.ExitCode;
            }
        });
        return command;
    }

    private ApiClient Connect(ParseResult parsed)
    {
        var fingerprint = parsed.GetValue(_fingerprint) is { Length: > 0 } given ? ServerTrust.ParseFingerprint(given) ?? throw new RemoteException(
            $"--ca-fingerprint is '{given}'; allowed: 64 hexadecimal digits, with or without colons.", EdgeCli.BadUsage) : null;
        var server = parsed.GetValue(_server) ?? NonEmpty("EDGE_SERVER");
        var token = parsed.GetValue(_token) ?? NonEmpty("EDGE_TOKEN");
        var local = server is null ? LocalNode.Find(parsed.GetRequiredValue(_data).FullName) : null;
        var url = local?.Url ?? ReadUrl(server!);
        return new ApiClient(url, token ?? local?.Token, new ServerTrust(url, fingerprint ?? local?.Fingerprint, KnownSites.OfUser(), parsed.InvocationConfiguration.Error));
    }

    private static string? NonEmpty(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static Uri ReadUrl(string text)
    {
        var url = Uri.TryCreate(text, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https" && whole.Host.Length > 0 ? whole
            : Uri.TryCreate($"https://{text}", UriKind.Absolute, out var short_) && !text.Contains("://", StringComparison.Ordinal) && text.Contains(':', StringComparison.Ordinal) ? short_
            : throw new RemoteException($"The server is '{text}'; allowed: a URL such as https://pi-1:8080 or http://127.0.0.1:8080, or HOST:PORT.", EdgeCli.BadUsage);
        if (url.IsLoopback && !text.Contains("://", StringComparison.Ordinal)) url = new($"http://{text}");
        if (url.Scheme == "http" && !url.IsLoopback)
            throw new RemoteException($"The server is '{text}': over plain HTTP everybody on the network would read the token. Allowed off loopback: https://{url.Authority}.", EdgeCli.BadUsage);
        return url;
    }
}
