using Edge.Actors;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Modules;
using Edge.Node.Configuration.Checks;

namespace Edge.Node.Configuration.Book;

/// <summary>What a node is to run by the book, and what of it cannot be run.</summary>
/// <param name="Site">Everything without mistakes.</param>
/// <param name="Findings">Why the rest is left out; each names its resource as <c>book:Kind/tenant/name</c>.</param>
public sealed record BookSite(SiteManifest Site, IReadOnlyList<Finding> Findings);

/// <summary>
/// Makes the site of the resources in the book, by the same reader and checks as files. Pure: no module's bytes are looked at (a node may not have them yet); who loads a module checks them.
/// A resource with a mistake is left out, with what depends on it, and everything else runs: two edits that were each checked by themselves may not fit together,
/// and one tenant's mistake stops nobody else.
/// </summary>
public static class SiteFromBook
{
    /// <param name="state">The book.</param>
    /// <param name="pathOf">Where a module's bytes are, or will be.</param>
    public static BookSite Load(BookState state, Func<ModuleDigest, string> pathOf)
    {
        var kept = state.Resources.Values.ToDictionary(ResourceId.Of);
        var all = new List<Finding>();
        while (true)
        {
            var findings = new Findings();
            var site = StoredManifests.Read(kept.Values, findings);
            SiteChecks.RunAll(site, new Dictionary<Manifests.Declared<Manifests.ModuleManifest>, Files.ModuleFile>(), findings);
            var mistakes = findings.Sorted();
            all.AddRange(mistakes);
            // Each round leaves out at least one, so this ends.
            var bad = mistakes.Select(mistake => mistake.Place.File).ToHashSet(StringComparer.Ordinal);
            if (bad.Count == 0)
                return new(SiteSpecs.Of(site, module => PathOf(kept, module.Tenant, module.Name!, pathOf)), all);
            foreach (var id in kept.Keys.Where(id => bad.Contains(StoredManifests.FileOf(id))).ToList()) kept.Remove(id);
        }
    }

    // A module without a digest has no bytes anywhere; its path then names nothing, and loading it says so.
    private static string PathOf(Dictionary<ResourceId, Resource> kept, string tenant, string name, Func<ModuleDigest, string> pathOf) =>
        pathOf(new ModuleDigest(kept.GetValueOrDefault(new("Module", tenant, name))?.Digest ?? ""));
}
