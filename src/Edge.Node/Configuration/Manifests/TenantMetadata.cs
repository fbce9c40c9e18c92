using Edge.Node.Configuration.Fields;

namespace Edge.Node.Configuration.Manifests;

/// <summary>Metadata of what belongs to no tenant.</summary>
internal record SiteMetadata
{
    [Name("The name; unique among the manifests of its kind and tenant.", Required = true)]
    public string? Name { get; init; }
}

/// <summary>Metadata of what belongs to a tenant.</summary>
internal sealed record TenantMetadata : SiteMetadata
{
    [Name("The tenant that owns it.")]
    public string Tenant { get; init; } = "default";
}
