using Edge.Messages.Book;

namespace Edge.Node.Admin.Access;

/// <summary>Who asks, and what it may.</summary>
/// <param name="Who">As the audit log says it: the token's name, or <c>local</c> for who can read this node's data folder.</param>
/// <param name="TokenId">Id of the token; empty for <c>local</c> and for nobody.</param>
/// <param name="Role">What it may.</param>
/// <param name="Tenant">The one tenant that it may do so for; empty: all.</param>
internal sealed record Caller(string Who, string TokenId, Role Role, string Tenant)
{
    /// <summary>Who shows no credentials.</summary>
    public static Caller Nobody { get; } = new("nobody", "", Role.Unspecified, "");

    /// <summary>Whether it may act as a role for a tenant; the empty tenant is the site as a whole.</summary>
    public bool May(Role least, string tenant) => Role >= least && (Tenant.Length == 0 || (tenant.Length > 0 && Tenant == tenant));

    /// <summary>Whether it may act as a role for any tenant at all.</summary>
    public bool MaySomewhere(Role least) => Role >= least;

    /// <summary><c>'ops' (operator of tenant 'acme')</c>.</summary>
    public override string ToString() => $"'{Who}' ({RoleName(Role)} of {(Tenant.Length == 0 ? "all tenants" : $"tenant '{Tenant}'")})";

    /// <summary>A role as people write it.</summary>
    public static string RoleName(Role role) => role.ToString().ToLowerInvariant();
}
