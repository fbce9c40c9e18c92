using System.Text.Json.Nodes;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Modules;
using Edge.Node.Configuration.Checks;
using Edge.Node.Configuration.Files;
using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Yaml;
using Google.Protobuf;

namespace Edge.Node.Configuration.Book;

/// <summary>What applying a document would do.</summary>
internal enum ApplyOutcome
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It is there, otherwise.</summary>
    Changed,

    /// <summary>It is there, just so: nothing is written.</summary>
    Unchanged,
}

/// <summary>One document that is to be applied.</summary>
/// <param name="Id">What it declares.</param>
/// <param name="Outcome">What applying it would do.</param>
/// <param name="Resource">As it would stand in the book, without versions.</param>
/// <param name="Now">As it stands in the book; null if it does not.</param>
internal sealed record PlannedEdit(ResourceId Id, ApplyOutcome Outcome, Resource Resource, Resource? Now);

/// <summary>
/// Judges manifests against the book: read and checked together with all that is there and is not replaced, so that a change to a Tenant is refused where it takes from a module that is there.
/// Pure but for the looks at module bytes, which the caller gives. Resources that have mistakes already and that the change does not touch are not held against it: a repair must be possible.
/// </summary>
/// <param name="Edits">What would be done, in the order of the documents; empty if there are findings.</param>
/// <param name="Findings">Every mistake.</param>
/// <param name="Ids">Every document whose name could be read: what somebody wants to touch, mistaken or not.</param>
/// <param name="Objects">Documents read.</param>
internal sealed record ApplyPlan(IReadOnlyList<PlannedEdit> Edits, IReadOnlyList<Finding> Findings, IReadOnlyList<ResourceId> Ids, int Objects)
{
    /// <param name="state">The book.</param>
    /// <param name="submitted">What is to be applied.</param>
    /// <param name="look">Looks at module bytes on this node; null where they are not here.</param>
    public static ApplyPlan Of(BookState state, SubmittedManifests submitted, Func<ModuleDigest, ModuleFile?> look)
    {
        var findings = new Findings();
        var reader = new ManifestReader(findings);
        foreach (var file in submitted.Files) SiteLoader.Read(file, reader, findings);
        var handedIn = reader.Site;
        var ids = handedIn.Documents.Where(document => document.Name is not null).Select(IdOf).Distinct().ToList();
        var rest = StoredManifests.Read(state.Resources.Where(resource => !ids.Contains(resource.Key)).Select(resource => resource.Value), new Findings());
        var files = LookAtModules(handedIn, state, submitted, look, findings);
        var site = handedIn.And(rest);
        SiteChecks.RunAll(site, files, findings);
        var broken = BrokenBefore(state);
        var mistakes = findings.Sorted().Where(finding => !broken.Contains(finding.Place.File)).ToList();
        var edits = mistakes.Count > 0 ? [] : handedIn.Documents.Select(document => Plan(document, state, submitted)).ToList();
        return new(edits, mistakes, ids, reader.Count);
    }

    /// <summary>What deleting resources would break: mistakes of those that remain, which they did not have before.</summary>
    public static IReadOnlyList<Finding> OfDelete(BookState state, IReadOnlyCollection<ResourceId> ids)
    {
        var broken = BrokenBefore(state);
        return [.. MistakesOf(state.Resources.Where(resource => !ids.Contains(resource.Key)).Select(resource => resource.Value)).Where(finding => !broken.Contains(finding.Place.File))];
    }

    // By resource and not by message: what a message lists as allowed changes with the site.
    private static HashSet<string> BrokenBefore(BookState state) => MistakesOf(state.Resources.Values).Select(finding => finding.Place.File).ToHashSet(StringComparer.Ordinal);

    private static IReadOnlyList<Finding> MistakesOf(IEnumerable<Resource> resources)
    {
        var findings = new Findings();
        SiteChecks.RunAll(StoredManifests.Read(resources, findings), new Dictionary<Declared<ModuleManifest>, ModuleFile>(), findings);
        return findings.Sorted();
    }

    private static Dictionary<Declared<ModuleManifest>, ModuleFile> LookAtModules(
        DeclaredSite handedIn, BookState state, SubmittedManifests submitted, Func<ModuleDigest, ModuleFile?> look, Findings findings)
    {
        var files = new Dictionary<Declared<ModuleManifest>, ModuleFile>();
        foreach (var module in handedIn.Modules)
        {
            if (module is not { Name: { } name, Spec.File: { } written }) continue;
            var digest = submitted.DigestOf(module.Node.Place.File, written);
            if (digest is { } given && look(given) is { } file) files[module] = file;
            // Bytes that the book names already may be on other nodes only; they were checked when they came.
            else if (digest is null || state.Resources.GetValueOrDefault(new("Module", module.Tenant, name))?.Digest != digest.Value.Hex)
                findings.Add(module.At("file"), Missing(name, written, digest));
        }
        return files;
    }

    private static string Missing(string name, string written, ModuleDigest? digest) => digest is { } given
        ? $"Module '{name}': this node does not have the bytes {given} of the file {Quote.Of(written)}. Upload them first: PUT /api/v1/modules/{given.Hex} ('edge apply' does it)."
        : $"Module '{name}': nothing says what the bytes of the file {Quote.Of(written)} are. Upload them with PUT /api/v1/modules/{{sha256}} and name the digest in the request's modules or as 'file: sha256:…' ('edge apply' does it).";

    private static PlannedEdit Plan(DeclaredDocument document, BookState state, SubmittedManifests submitted)
    {
        var id = IdOf(document);
        var resource = new Resource { Kind = id.Kind, Tenant = id.Tenant, Name = id.Name, Document = ByteString.CopyFrom(YamlJson.Write(document.Node, new Findings())) };
        if (document.Kind == ManifestKind.Module && ((document.Node.Find("spec")?.Value as YamlMap)?.Find("file")?.Value as YamlScalar)?.Text is { } file)
            resource.Digest = submitted.DigestOf(document.Node.Place.File, file)!.Value.Hex;
        var now = state.Resources.GetValueOrDefault(id);
        var outcome = now is null ? ApplyOutcome.Created : Same(resource, now) ? ApplyOutcome.Unchanged : ApplyOutcome.Changed;
        return new(id, outcome, resource, now);
    }

    // Where a module's file lay when it was handed in says nothing; its digest does.
    private static bool Same(Resource left, Resource right) =>
        left.Digest == right.Digest && JsonNode.DeepEquals(WithoutFile(left), WithoutFile(right));

    private static JsonNode? WithoutFile(Resource resource)
    {
        var document = JsonNode.Parse(resource.Document.Span);
        if (resource.Digest.Length > 0) document?["spec"]?.AsObject().Remove("file");
        return document;
    }

    private static ResourceId IdOf(DeclaredDocument document) => new(document.Kind.Name, document.Tenant, document.Name!);
}
