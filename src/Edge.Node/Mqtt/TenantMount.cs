using Edge.Messages.Tenants;

namespace Edge.Node.Mqtt;

/// <summary>
/// Places each tenant's topic space inside the broker's one: tenant <c>default</c> at the root, another tenant T below <c>$tenant/T/</c>.
/// Clients cannot see it: names are mounted on the way in and stripped on the way out, and names that start with <c>$</c> are refused.
/// Wildcards do not reach it either, since <c>#</c> and <c>+</c> match no first level that starts with <c>$</c> (MQTT 5 §4.7.2).
/// </summary>
internal static class TenantMount
{
    private const string Root = "$tenant/";

    /// <summary>A topic, filter or client id of a tenant → the broker's name for it.</summary>
    /// <remarks>A reserved name of tenant <c>default</c> is mounted too, below <c>$tenant/default/</c> where nothing is ever published: even unrefused it reaches nothing.</remarks>
    public static string Mount(TenantName tenant, string name) =>
        tenant == TenantName.Default && !IsReserved(name) ? name : $"{Root}{tenant}/{name}";

    /// <summary>What <see cref="Mount"/> made → the name as the tenant knows it.</summary>
    public static string Strip(string mounted)
    {
        if (!mounted.StartsWith(Root, StringComparison.Ordinal))
        {
            return mounted;
        }

        var end = mounted.IndexOf('/', Root.Length);
        return end < 0 ? mounted : mounted[(end + 1)..];
    }

    /// <summary>Whether clients may not use the name: it starts with <c>$</c>.</summary>
    public static bool IsReserved(string name) => name.StartsWith('$');
}
