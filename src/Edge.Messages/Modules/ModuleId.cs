using Edge.Messages.Tenants;

namespace Edge.Messages.Modules;

/// <summary>Names a module of a tenant; which bytes it stands for is its <see cref="ModuleDigest"/>.</summary>
/// <param name="Tenant">The tenant that owns the module.</param>
/// <param name="Name">The name as written in <c>metadata.name</c>.</param>
public readonly record struct ModuleId(TenantName Tenant, string Name)
{
    /// <summary><c>tenant/name</c>, the form used in messages, logs and cluster identities.</summary>
    public override string ToString() => $"{Tenant}/{Name}";
}
