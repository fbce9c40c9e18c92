using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Book;

/// <summary>Reads resources of the book as manifests. Pure. In findings a resource's own name stands where a file's path would: <c>book:Channel/acme/boiler:1:1</c>.</summary>
internal static class StoredManifests
{
    /// <summary>What stands for the file of a resource in findings.</summary>
    public static string FileOf(ResourceId id) => $"book:{id}";

    /// <summary>Reads resources, in an order that is the same everywhere.</summary>
    public static DeclaredSite Read(IEnumerable<Resource> resources, Findings findings)
    {
        var reader = new ManifestReader(findings);
        foreach (var resource in resources.OrderBy(resource => resource.Kind, StringComparer.Ordinal).ThenBy(resource => resource.Tenant, StringComparer.Ordinal).ThenBy(resource => resource.Name, StringComparer.Ordinal))
        {
            var file = FileOf(ResourceId.Of(resource));
            if (JsonDocuments.Read(file, resource.Document.Memory) is { } document) reader.Add(document);
            else findings.Add(Place.Of(file), "The book's document is no JSON object. It was written by another version of Edge: apply the manifest again.");
        }
        return reader.Site;
    }
}
