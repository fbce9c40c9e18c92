using Edge.Actors.Channels;
using Edge.Actors.Modules;
using Edge.Cluster.Book;
using Edge.Messages.Channels;
using Edge.Messages.Modules;

namespace Edge.Actors.Placement;

/// <summary>
/// What one node must do to get from the site that it runs to another: pure. Channels whose declaration, module and epoch stay are not touched.
/// </summary>
/// <param name="Stops">Channels that run here and no longer may; those that move come with the node that gets their state.</param>
/// <param name="Restarts">Channels that stay here but are declared otherwise, have another module, or run under a new epoch.</param>
/// <param name="Starts">Channels that run here from now on.</param>
/// <param name="Retargets">Channels that run on as they are, with another standby or other intake logs.</param>
internal sealed record SiteChange(
    IReadOnlyList<(ChannelId Channel, string? MovingTo)> Stops, IReadOnlyList<ChannelId> Restarts, IReadOnlyList<ChannelId> Starts, IReadOnlyList<ChannelId> Retargets)
{
    /// <summary>The way from the first to the second.</summary>
    public static SiteChange Between(SiteManifest before, PlacementTable runs, SiteManifest after, PlacementTable table, string node)
    {
        var changed = ChangedModules(before, after);
        var (were, are) = (before.Channels.ToDictionary(c => c.Id), after.Channels.ToDictionary(c => c.Id));
        List<(ChannelId, string?)> stops = [];
        List<ChannelId> restarts = [], starts = [], retargets = [];
        foreach (var (id, spec) in were)
        {
            if (!Runs(id, runs, node)) continue;
            if (!are.TryGetValue(id, out var next) || !Runs(id, table, node)) stops.Add((id, are.ContainsKey(id) ? table.Channels.GetValueOrDefault(id)?.MovingTo : null));
            else if (!spec.IsSame(next) || changed.Contains(next.Module) || Epochs.Compare(runs.Channels[id].Epoch, table.Channels[id].Epoch) != 0) restarts.Add(id);
            else if (runs.Channels[id] != table.Channels[id] || !runs.Logs.SequenceEqual(table.Logs)) retargets.Add(id);
        }

        starts.AddRange(are.Keys.Where(id => Runs(id, table, node) && !(were.ContainsKey(id) && Runs(id, runs, node))));
        return new(stops, restarts, starts, retargets);
    }

    /// <summary>Modules that are new, gone, or not as they were; a tenant's limits and grants are part of its modules.</summary>
    public static IReadOnlySet<ModuleId> ChangedModules(SiteManifest before, SiteManifest after)
    {
        var were = before.Modules.ToDictionary(m => m.Id);
        var changed = after.Modules.Where(m => !were.Remove(m.Id, out var old) || !m.IsSame(old) || !Tenant(before, m).IsSame(Tenant(after, m))).Select(m => m.Id).ToHashSet();
        changed.UnionWith(were.Keys);
        return changed;
    }

    /// <summary>Whether a channel runs on a node by a table.</summary>
    public static bool Runs(ChannelId channel, PlacementTable table, string node) =>
        table.Channels.TryGetValue(channel, out var owner) && owner.Node == node && owner.MovingTo is null;

    private static Tenants.TenantSpec Tenant(SiteManifest site, ModuleSpec module) => site.Tenants.First(t => t.Name == module.Id.Tenant);
}
