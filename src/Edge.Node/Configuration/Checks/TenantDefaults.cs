using Edge.Actors.Tenants;
using Edge.Messages.Tenants;
using Edge.Wasm.Capabilities;

namespace Edge.Node.Configuration.Checks;

/// <summary>
/// The tenant <c>default</c> where no manifest declares it: what a first module needs on one's own machine (ordinary Go programs included), and
/// nothing that reaches other machines, topics, folders or lines. Any other tenant must be declared and starts from nothing.
/// </summary>
internal static class TenantDefaults
{
    /// <summary>What the tenant <c>default</c> allows; docs/manifests.md names the same list.</summary>
    public static IReadOnlyList<string> Capabilities { get; } = ["log", "metric", "clock", "random", "kv:1MiB", "fs"];

    public static TenantSpec Default { get; } = new()
    {
        Name = TenantName.Default,
        Capabilities = new CapabilitySet([.. Capabilities.Select(text =>
            Capability.TryParse(text, out var capability, out var error) ? capability! : throw new FormatException(error))]),
    };
}
