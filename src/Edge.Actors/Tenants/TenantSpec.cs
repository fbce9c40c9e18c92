using Edge.Messages.Tenants;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Limits;

namespace Edge.Actors.Tenants;

/// <summary>A tenant as its manifest states it: the widest that any of its modules may be.</summary>
public sealed record TenantSpec
{
    /// <summary>The tenant.</summary>
    public required TenantName Name { get; init; }

    /// <summary>Caps on every module of the tenant; see <see cref="ModuleLimits.CappedBy"/>.</summary>
    public ModuleLimits Limits { get; init; } = new();

    /// <summary>What its modules may ask for. Nothing by default.</summary>
    public CapabilitySet Capabilities { get; init; } = CapabilitySet.None;

    /// <summary>Whether another says the same.</summary>
    public bool IsSame(TenantSpec other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Capabilities = other.Capabilities } == other && Capabilities.Grants.SequenceEqual(other.Capabilities.Grants);
    }
}
