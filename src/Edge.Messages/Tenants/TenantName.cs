namespace Edge.Messages.Tenants;

/// <summary>Names a tenant, the unit of isolation. Lower-case letters, digits and '-', 1–63 characters (a DNS label, RFC 1123).</summary>
/// <param name="Value">The name as written in <c>metadata.tenant</c>.</param>
public readonly record struct TenantName(string Value)
{
    /// <summary>The tenant of manifests and devices that name none.</summary>
    public static TenantName Default { get; } = new("default");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
