using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>Names a declared resource.</summary>
/// <param name="Kind">As written in the manifest: <c>Channel</c>.</param>
/// <param name="Tenant">Empty for a <c>Tenant</c>.</param>
/// <param name="Name"><c>metadata.name</c>.</param>
public readonly record struct ResourceId(string Kind, string Tenant, string Name)
{
    /// <summary>The id of a resource.</summary>
    public static ResourceId Of(Resource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new(resource.Kind, resource.Tenant, resource.Name);
    }

    /// <summary><c>Kind/tenant/name</c>, or <c>Kind/name</c> without a tenant.</summary>
    public override string ToString() => Tenant.Length == 0 ? $"{Kind}/{Name}" : $"{Kind}/{Tenant}/{Name}";
}
