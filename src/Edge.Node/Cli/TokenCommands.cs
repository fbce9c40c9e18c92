using System.CommandLine;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli;

/// <summary><c>edge token create|ls|rm</c>: what lets people use the API, and nodes join. A token's text is printed once and kept nowhere.</summary>
internal static class TokenCommands
{
    public static Command Create() => new("token", "Tokens of people, and of nodes that are to join.") { CreateToken(), Ls(), Rm() };

    private static Command CreateToken()
    {
        var server = new ServerOptions();
        var node = new Option<bool>("--node") { Description = "For a node that is to join: good once, for an hour." };
        var role = new Option<string?>("--role") { Description = "For a person: viewer, operator or admin.", HelpName = "ROLE" };
        var tenant = TenantOption.Create("The one tenant that it is for. Default: all.");
        var name = new Option<string?>("--name") { Description = "Whose it is; stands in the audit log.", HelpName = "NAME" };
        var expires = new Option<string?>("--expires") { Description = "After how long it ends, such as 12h. Default: a node's after 1h, a person's never.", HelpName = "DURATION" };
        var output = OutputOption.TextOrJson();
        return server.Run(new Command("create", "Make a token, and print it: it is stored nowhere else.") { node, role, tenant, name, expires, output }, async (parsed, client) =>
        {
            var request = new NewTokenView
            {
                Purpose = parsed.GetValue(node) ? "node" : "person",
                Role = parsed.GetValue(role) ?? "",
                Tenant = parsed.GetValue(tenant) ?? "",
                Name = parsed.GetValue(name) ?? "",
                ExpiresInS = Seconds(parsed.GetValue(expires)),
            };
            if (!parsed.GetValue(node) && request.Role.Length == 0) throw new RemoteException("What the token is for is missing: --node, or --role viewer, operator or admin.", EdgeCli.BadUsage);
            var text = await client.PostTextAsync("api/v1/tokens", request, ApiJson.Default.NewTokenView);
            var issued = System.Text.Json.JsonSerializer.Deserialize(text, ApiJson.Default.IssuedTokenView)!;
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(output) == "json" ? text : issued.Token);
            return EdgeCli.Done;
        });
    }

    private static Command Ls()
    {
        var server = new ServerOptions();
        var output = OutputOption.Objects();
        return server.Run(new Command("ls", "List the tokens, without their secrets.") { output }, (parsed, client) =>
            GetOthers.TokensAsync(client, null, new GetView(null, parsed.GetRequiredValue(output), Watch: false, Stale: false, parsed.InvocationConfiguration.Output)));
    }

    private static Command Rm()
    {
        var server = new ServerOptions();
        var id = new Argument<string>("ID") { Description = "The token's id, as 'edge token ls' shows it." };
        return server.Run(new Command("rm", "Revoke a token.") { id }, async (parsed, client) =>
        {
            await client.DeleteAsync($"api/v1/tokens/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}");
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"revoked  {parsed.GetRequiredValue(id)}");
            return EdgeCli.Done;
        });
    }

    private static long Seconds(string? text)
    {
        if (text is null) return 0;
        if (Configuration.Fields.Quantity.Duration.TryRead(text, out var ticks, out var remedy) && ticks >= TimeSpan.TicksPerSecond) return (long)(ticks / TimeSpan.TicksPerSecond);
        throw new RemoteException($"--expires is '{text}'; allowed: a duration of a second or more, such as 90m or 12h.{remedy}", EdgeCli.BadUsage);
    }
}
