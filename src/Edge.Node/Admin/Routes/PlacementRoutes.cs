using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Node.Admin.Watch;

namespace Edge.Node.Admin.Routes;

/// <summary>Where actors run.</summary>
internal static class PlacementRoutes
{
    /// <summary>GET /api/v1/placements.</summary>
    public static async Task ListAsync(ApiCall call)
    {
        var (node, tenant) = (call.Query("node"), call.Query("tenant"));
        PlacementListView View(BookState state) => new(state.Index,
        [
            .. state.Placements.Values
                .Where(placement => (node.Length == 0 || placement.Node == node) && (tenant.Length == 0 || TenantOf(placement) == tenant) && call.Caller.May(Role.Viewer, TenantOf(placement)))
                .OrderBy(placement => placement.Kind, StringComparer.Ordinal).ThenBy(placement => placement.Identity, StringComparer.Ordinal).Select(Placed),
        ]);
        if (call.Asks("watch"))
            await ViewWatcher.RunAsync(call, change => !ReferenceEquals(change.Before.Placements, change.After.Placements), () => Task.FromResult<PlacementListView?>(View(call.Site.Book.Current)), EventJson.Default.PlacementListView);
        else
            await call.OkAsync(View(await call.ReadAsync()), ApiJson.Default.PlacementListView);
    }

    // An identity is tenant/name; one without a tenant is the site's.
    private static string TenantOf(Placement placement) => placement.Identity.Split('/') is [var tenant, _, ..] ? tenant : "";

    private static PlacementView Placed(Placement placement) => new(
        placement.Kind, placement.Identity, TenantOf(placement), placement.Node, placement.Member, Epochs.Text(placement.Epoch), placement.Standby,
        placement.HasMovingTo ? placement.MovingTo : null, placement.Reason.Length > 0 ? placement.Reason : null);
}
