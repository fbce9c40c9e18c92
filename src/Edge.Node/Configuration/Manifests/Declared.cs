using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Manifests;

/// <summary>One manifest as read, with its places.</summary>
/// <param name="tenant">The tenant that it belongs to; of a Tenant its own name. <c>default</c> where it could not be read.</param>
/// <param name="name">Its name; null where it could not be read.</param>
/// <param name="spec">Its <c>spec</c>; fields with mistakes hold their defaults.</param>
/// <param name="node">The whole document.</param>
/// <param name="sound">Whether reading it gave no finding. What others say about an unsound one is not held against them.</param>
internal sealed class Declared<TSpec>(string tenant, string? name, TSpec spec, YamlMap node, bool sound)
{
    public string Tenant => tenant;

    public string? Name => name;

    public TSpec Spec => spec;

    public YamlMap Node => node;

    public bool Sound => sound;

    public Place Place => node.At("metadata", "name");

    public Place At(params ReadOnlySpan<string> specPath) => node.At(["spec", .. specPath]);

    /// <summary>Where the last name of the path is written: for a mistake of the name itself.</summary>
    public Place KeyAt(params ReadOnlySpan<string> specPath) => node.KeyAt(["spec", .. specPath]);

    /// <summary>Whether the field was written, with mistakes or without.</summary>
    public bool Writes(params ReadOnlySpan<string> specPath)
    {
        var value = node.Find("spec")?.Value;
        foreach (var step in specPath) value = (value as YamlMap)?.Find(step)?.Value;
        return value is not null;
    }
}

/// <summary>A document of a known kind, whatever its spec.</summary>
/// <param name="Kind">As written.</param>
/// <param name="Tenant">The tenant that it belongs to; empty for a Tenant.</param>
/// <param name="Name">Its name; null where it could not be read.</param>
/// <param name="Node">The whole document.</param>
/// <param name="Sound">Whether reading it gave no finding.</param>
internal sealed record DeclaredDocument(ManifestKind Kind, string Tenant, string? Name, YamlMap Node, bool Sound);

/// <summary>All manifests as read.</summary>
internal sealed class DeclaredSite
{
    /// <summary>All of them, in the order in which they were read.</summary>
    public List<DeclaredDocument> Documents { get; } = [];

    public List<Declared<TenantManifest>> Tenants { get; } = [];

    public List<Declared<ModuleManifest>> Modules { get; } = [];

    public List<Declared<ChannelManifest>> Channels { get; } = [];

    /// <summary>These and others.</summary>
    public DeclaredSite And(DeclaredSite others)
    {
        var both = new DeclaredSite();
        foreach (var site in (DeclaredSite[])[this, others])
        {
            both.Documents.AddRange(site.Documents);
            both.Tenants.AddRange(site.Tenants);
            both.Modules.AddRange(site.Modules);
            both.Channels.AddRange(site.Channels);
        }
        return both;
    }
}
