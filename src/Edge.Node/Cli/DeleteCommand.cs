using System.CommandLine;
using System.Globalization;
using Edge.Messages.Tenants;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli;

/// <summary><c>edge delete KIND NAME</c>: takes a declared resource away; refused while another one names it.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var kind = new Argument<string>("KIND") { Description = "Kind of what is declared, such as channel." };
        var name = new Argument<string>("NAME") { Description = "Which one." };
        var tenant = TenantOption.Create("Its tenant. Default: default.");
        var expect = new Option<ulong?>("--expect") { Description = "The version that is meant: refused if it is another now.", HelpName = "VERSION" };
        var command = new Command("delete", "Delete what is declared.") { kind, name, tenant, expect };
        return server.Run(command, async (parsed, client) =>
        {
            var (what, which) = (KindName.Parse(parsed.GetRequiredValue(kind)), parsed.GetRequiredValue(name));
            if (!what.IsManifest)
            {
                throw new RemoteException(what.Name switch
                {
                    "Node" => $"A node is not declared. 'edge node rm {which}' removes it from the site.",
                    "Token" => $"A token is not declared. 'edge token rm {which}' revokes it.",
                    _ => "A placement is not declared: the site decides it. Delete the channel, or pin it with spec.placement.node.",
                }, EdgeCli.BadUsage);
            }
            await client.DeleteAsync(GetResources.PathOf(what, parsed.GetValue(tenant), which), parsed.GetValue(expect));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"deleted  {ApplyCommand.Identity(what.Name, what.Name == "Tenant" ? "" : parsed.GetValue(tenant) ?? TenantName.Default.Value, which)}");
            return EdgeCli.Done;
        });
    }
}
