using Edge.Node.Configuration.Fields;

namespace Edge.Node.Configuration.Manifests;

/// <summary>A kind of manifest: what stands in <c>kind:</c>, and the types of its metadata and spec.</summary>
/// <param name="Name">As written.</param>
/// <param name="Description">What it declares.</param>
/// <param name="Metadata">Shape of <c>metadata</c>.</param>
/// <param name="Spec">Shape of <c>spec</c>.</param>
internal sealed record ManifestKind(string Name, string Description, ManifestShape Metadata, ManifestShape Spec)
{
    public const string ApiVersion = "edge/v1";

    public static ManifestKind Tenant { get; } = new(
        "Tenant", "A unit of isolation: what its modules may use at most. A tenant other than 'default' must be declared.",
        ManifestShape.Of(typeof(SiteMetadata)), ManifestShape.Of(typeof(TenantManifest)));

    public static ManifestKind Module { get; } = new(
        "Module", "A WebAssembly file, what it asks for, and its configuration.",
        ManifestShape.Of(typeof(TenantMetadata)), ManifestShape.Of(typeof(ModuleManifest)));

    public static ManifestKind Channel { get; } = new(
        "Channel", "A stream of readings: topic in, window, module, ports out.",
        ManifestShape.Of(typeof(TenantMetadata)), ManifestShape.Of(typeof(ChannelManifest)));

    /// <summary>In the order in which a newcomer meets them.</summary>
    public static IReadOnlyList<ManifestKind> All { get; } = [Tenant, Module, Channel];

    /// <summary>Whether <c>spec</c> must be written.</summary>
    public bool NeedsSpec => Spec.Fields.Any(one => one.Grammar.Required);
}
