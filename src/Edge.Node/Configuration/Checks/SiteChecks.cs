using Edge.Messages.Spelling;
using Edge.Messages.Tenants;
using Edge.Node.Configuration.Files;
using Edge.Node.Configuration.Manifests;

namespace Edge.Node.Configuration.Checks;

/// <summary>What holds between manifests of any kind: unique names and declared tenants; and the order of all checks.</summary>
internal static class SiteChecks
{
    /// <summary>Every check of a whole site.</summary>
    /// <param name="site">All manifests.</param>
    /// <param name="files">What is at the path of each module, where it was looked at; what needs the bytes is not checked for the others.</param>
    /// <param name="findings">Where mistakes go.</param>
    public static void RunAll(DeclaredSite site, IReadOnlyDictionary<Declared<ModuleManifest>, ModuleFile> files, Findings findings)
    {
        Run(site, findings);
        var moduleChecks = new ModuleChecks(site, findings);
        foreach (var module in site.Modules) moduleChecks.Run(module, files.GetValueOrDefault(module));
        var channelChecks = new ChannelChecks(site, files, findings);
        foreach (var channel in site.Channels) channelChecks.Run(channel);
        LoopCheck.Run(site, findings);
    }

    private static void Run(DeclaredSite site, Findings findings)
    {
        CheckUnique("Tenant", site.Tenants, findings);
        CheckUnique("Module", site.Modules, findings);
        CheckUnique("Channel", site.Channels, findings);
        string[] tenants = [.. site.Tenants.Select(tenant => tenant.Name).OfType<string>().Append(TenantName.Default.Value).Distinct()];
        CheckTenant("Module", site.Modules, tenants, findings);
        CheckTenant("Channel", site.Channels, tenants, findings);
    }

    private static void CheckUnique<TSpec>(string kind, IEnumerable<Declared<TSpec>> all, Findings findings)
    {
        foreach (var same in all.Where(one => one.Name is not null).GroupBy(one => (one.Tenant, one.Name)))
        {
            foreach (var second in same.Skip(1))
                findings.Add(second.Place, $"{kind} '{second.Name}' is declared already at {same.First().Place}{(kind == "Tenant" ? "" : $" for tenant '{second.Tenant}'")}. Rename or remove one of them.");
        }
    }

    private static void CheckTenant<TSpec>(string kind, IEnumerable<Declared<TSpec>> all, string[] tenants, Findings findings)
    {
        foreach (var one in all.Where(one => !tenants.Contains(one.Tenant)))
        {
            findings.Add(one.Node.At("metadata", "tenant"),
                $"{kind} '{one.Name}' belongs to tenant '{one.Tenant}', which is not declared. Declared tenants: {Quote.List(tenants)}.{NearestName.Hint(one.Tenant, tenants)} Add a Tenant '{one.Tenant}' or change metadata.tenant.");
        }
    }
}
