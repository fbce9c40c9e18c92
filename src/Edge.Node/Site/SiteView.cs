using System.Collections.Immutable;
using Edge.Actors;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Modules;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Book;
using Edge.Node.Storage;

namespace Edge.Node.Site;

/// <summary>The declared site as this node can run it: the book's resources, less the modules whose bytes are not here and the channels of those. Immutable.</summary>
/// <param name="Whole">All that is declared.</param>
/// <param name="Site">What can run here.</param>
/// <param name="Findings">Mistakes in what is declared.</param>
internal sealed record SiteView(SiteManifest Whole, SiteManifest Site, IReadOnlyList<Finding> Findings)
{
    private ImmutableDictionary<ResourceId, Resource> Resources { get; init; } = ImmutableDictionary<ResourceId, Resource>.Empty;

    /// <summary>The view of a book.</summary>
    public static SiteView Of(BookState state, ModuleBlobs blobs)
    {
        var read = SiteFromBook.Load(state, blobs.PathOf);
        var missing = state.Resources.Values.Where(r => r.Digest.Length > 0).Select(r => new ModuleDigest(r.Digest)).Where(d => !blobs.Has(d)).ToList();
        return new(read.Site, Without(read.Site, blobs, missing), read.Findings) { Resources = state.Resources };
    }

    /// <summary>The view of a later book; what did not change is not read again.</summary>
    public SiteView Next(BookState state, ModuleBlobs blobs, IReadOnlyList<ModuleDigest> missing) =>
        ReferenceEquals(state.Resources, Resources) ? this with { Site = Without(Whole, blobs, missing) } : Of(state, blobs);

    private static SiteManifest Without(SiteManifest site, ModuleBlobs blobs, IReadOnlyList<ModuleDigest> missing)
    {
        if (missing.Count == 0) return site;
        var paths = missing.Select(blobs.PathOf).ToHashSet(StringComparer.Ordinal);
        var gone = site.Modules.Where(m => paths.Contains(m.File)).Select(m => m.Id).ToHashSet();
        return site with { Modules = [.. site.Modules.Where(m => !gone.Contains(m.Id))], Channels = [.. site.Channels.Where(c => !gone.Contains(c.Module))] };
    }
}
