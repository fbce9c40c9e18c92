using Proto.Cluster;

namespace Edge.Actors.Placement;

/// <summary>Which actors run on this node: immutable, derived from what is declared. With a site it will be read from the book, with an epoch for each.</summary>
/// <param name="Identities">The identities, those that others ask first.</param>
internal sealed record PlacementTable(IReadOnlyList<ClusterIdentity> Identities)
{
    /// <summary>Everything on the one node that there is.</summary>
    public static PlacementTable SingleNode(string node, SiteManifest site) =>
        new([EdgeKinds.IntakeOf(node), EdgeKinds.ModulesOf(node), .. site.Channels.Select(c => EdgeKinds.Of(c.Id))]);
}
