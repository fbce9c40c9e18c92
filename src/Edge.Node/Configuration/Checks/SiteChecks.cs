using Edge.Messages.Spelling;
using Edge.Messages.Tenants;
using Edge.Node.Configuration.Manifests;

namespace Edge.Node.Configuration.Checks;

/// <summary>What holds between manifests of any kind: unique names and declared tenants.</summary>
internal static class SiteChecks
{
    public static void Run(DeclaredSite site, Findings findings)
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
