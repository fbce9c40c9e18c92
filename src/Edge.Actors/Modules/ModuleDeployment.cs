using Edge.Actors.Tenants;
using Edge.Wasm.Modules;

namespace Edge.Actors.Modules;

/// <summary>Whether a loaded module may be deployed: pure. All reasons against it at once.</summary>
internal static class ModuleDeployment
{
    /// <summary>Reasons against deploying; empty when there are none.</summary>
    public static IReadOnlyList<string> Check(ModuleSpec spec, TenantSpec tenant, CompiledModule module, bool usedByChannel)
    {
        var reasons = new List<string>();
        var uncovered = tenant.Capabilities.Missing(spec.Capabilities);
        if (uncovered.Count > 0)
        {
            reasons.Add($"Module '{spec.Id}' ({module.Digest.Abbreviated}) asks for {string.Join(", ", uncovered)}, which tenant '{tenant.Name}' does not grant. "
                + "Add it to the tenant's spec.capabilities or take it from the module's.");
        }

        var missing = module.MissingGrants(spec.Capabilities);
        if (missing.Count > 0)
        {
            reasons.Add($"Module '{spec.Id}' ({module.Digest.Abbreviated}) imports functions that need the grants {string.Join(", ", missing)}. "
                + "Add them to the module's spec.capabilities, and to its tenant's.");
        }

        if (usedByChannel && module.Kind is not (ModuleKind.Handler or ModuleKind.Stream))
        {
            reasons.Add($"Module '{spec.Id}' ({module.Digest.Abbreviated}) is of the kind {module.Kind.ToString().ToLowerInvariant()}; a channel takes handler or stream. "
                + "Point the channel to another module.");
        }

        return reasons;
    }
}
