using System.CommandLine;

namespace Edge.Node.Cli;

/// <summary><c>--tenant</c>.</summary>
internal static class TenantOption
{
    public static Option<string?> Create(string description) => new("--tenant", "-t") { Description = description, HelpName = "TENANT" };
}
