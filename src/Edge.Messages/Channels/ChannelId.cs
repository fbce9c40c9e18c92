using Edge.Messages.Tenants;

namespace Edge.Messages.Channels;

/// <summary>Names a channel of a tenant. Its text is the identity of the channel's actor in the cluster.</summary>
/// <param name="Tenant">The tenant that owns the channel.</param>
/// <param name="Name">The name as written in <c>metadata.name</c>.</param>
public readonly record struct ChannelId(TenantName Tenant, string Name)
{
    /// <summary><c>tenant/name</c>.</summary>
    public override string ToString() => $"{Tenant}/{Name}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text has no '/'.</exception>
    public static ChannelId Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? throw new FormatException($"Channel identity '{text}' has no '/'. Allowed: tenant/name.")
            : new(new TenantName(text[..slash]), text[(slash + 1)..]);
    }
}
