using Edge.Messages.Spelling;
using Edge.Messages.Tenants;
using Edge.Node.Configuration.Fields;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Manifests;

/// <summary>Reads documents into a <see cref="DeclaredSite"/>: <c>apiVersion</c>, <c>kind</c>, <c>metadata</c> and <c>spec</c>. Pure.</summary>
internal sealed class ManifestReader(Findings findings)
{
    private static readonly string[] TopFields = ["apiVersion", "kind", "metadata", "spec"];

    private readonly ManifestBinder _binder = new(findings);

    public DeclaredSite Site { get; } = new();

    /// <summary>Documents read, whatever came of them.</summary>
    public int Count { get; private set; }

    public void Add(YamlNode document)
    {
        Count++;
        if (document is not YamlMap map)
        {
            findings.Add(document.Place, $"The document is {document.Describe()}; a manifest is a mapping of {string.Join(", ", TopFields)}. Begin with 'apiVersion: {ManifestKind.ApiVersion}'.");
            return;
        }
        if (map.Find("apiVersion") is null && map.Find("kind") is null)
        {
            findings.Add(map.Place, $"The document has neither apiVersion nor kind, so it is no manifest. Begin with 'apiVersion: {ManifestKind.ApiVersion}', or take the file out of the folder.");
            return;
        }
        var before = findings.Count;
        CheckApiVersion(map);
        foreach (var entry in map.Entries.Where(entry => !TopFields.Contains(entry.Key.Text)))
            findings.Add(entry.Key.Place, $"A manifest has no field {Quote.Of(entry.Key.Text)}; its fields are {string.Join(", ", TopFields)}.{NearestName.Hint(entry.Key.Text, TopFields)}");
        if (KindOf(map) is not { } kind) return;
        var metadata = (SiteMetadata)Bind(kind.Metadata, map, "metadata", required: true);
        var spec = Bind(kind.Spec, map, "spec", kind.NeedsSpec);
        Add(kind, metadata, spec, map, findings.Count == before);
    }

    private void Add(ManifestKind kind, SiteMetadata metadata, object spec, YamlMap map, bool sound)
    {
        Site.Documents.Add(new(kind, (metadata as TenantMetadata)?.Tenant ?? "", metadata.Name, map, sound));
        var tenant = (metadata as TenantMetadata)?.Tenant ?? metadata.Name ?? TenantName.Default.Value;
        switch (spec)
        {
            case TenantManifest of:
                Site.Tenants.Add(new(tenant, metadata.Name, of, map, sound));
                break;
            case ModuleManifest of:
                Site.Modules.Add(new(tenant, metadata.Name, of, map, sound));
                break;
            case ChannelManifest of:
                Site.Channels.Add(new(tenant, metadata.Name, of, map, sound));
                break;
        }
    }

    private void CheckApiVersion(YamlMap map)
    {
        if (map.Find("apiVersion") is not { } entry)
            findings.Add(map.Place, $"apiVersion is missing. Add 'apiVersion: {ManifestKind.ApiVersion}'.");
        else if (entry.Value is not YamlScalar { Text: ManifestKind.ApiVersion })
            findings.Add(map.At("apiVersion"), $"apiVersion is {entry.Value.Describe()}; allowed: {ManifestKind.ApiVersion}. If this file is no manifest of Edge, take it out of the folder.");
    }

    private ManifestKind? KindOf(YamlMap map)
    {
        var names = ManifestKind.All.Select(kind => kind.Name).ToArray();
        if (map.Find("kind") is not { } entry)
        {
            findings.Add(map.Place, $"kind is missing; allowed: {string.Join(", ", names)}. Add it.");
            return null;
        }
        var kind = entry.Value is YamlScalar word ? ManifestKind.All.FirstOrDefault(kind => kind.Name == word.Text) : null;
        if (kind is null)
            findings.Add(map.At("kind"), $"kind is {entry.Value.Describe()}; allowed: {string.Join(", ", names)}.{(entry.Value is YamlScalar text ? NearestName.Hint(text.Text, names) : "")}");
        return kind;
    }

    private object Bind(ManifestShape shape, YamlMap map, string field, bool required)
    {
        var entry = map.Find(field);
        if (entry?.Value is YamlMap section) return _binder.Bind(shape, section, field);
        if (entry is not null)
            findings.Add(map.At(field), $"{field} is {entry.Value.Describe()}; allowed: a mapping of {string.Join(", ", shape.Names)}. Write its fields below it, indented.");
        else if (required)
            findings.Add(map.Place, $"{field} is missing; it is a mapping of {string.Join(", ", shape.Names)}. Add it.");
        return Activator.CreateInstance(shape.Type)!;
    }
}
