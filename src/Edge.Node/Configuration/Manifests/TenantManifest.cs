using Edge.Node.Configuration.Fields;
using Edge.Wasm.Capabilities;

namespace Edge.Node.Configuration.Manifests;

/// <summary><c>spec</c> of a Tenant.</summary>
internal sealed record TenantManifest
{
    [Section("Caps on each module of the tenant.")]
    public LimitsManifest Limits { get; init; } = new();

    [Capability("What modules of the tenant may ask for. Nothing is allowed that is not listed.")]
    public IReadOnlyList<Capability> Capabilities { get; init; } = [];
}
