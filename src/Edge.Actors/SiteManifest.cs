using Edge.Actors.Channels;
using Edge.Actors.Modules;
using Edge.Actors.Tenants;

namespace Edge.Actors;

/// <summary>Everything declared for a node, already checked: names are unique, every module and tenant named exists.</summary>
/// <param name="Tenants">Tenants; always holds one for each tenant that a module or channel names.</param>
/// <param name="Modules">Modules.</param>
/// <param name="Channels">Channels.</param>
public sealed record SiteManifest(
    IReadOnlyList<TenantSpec> Tenants, IReadOnlyList<ModuleSpec> Modules, IReadOnlyList<ChannelSpec> Channels);
