using Edge.Actors;
using Edge.Actors.Channels;
using Edge.Actors.Placement;
using Edge.Cluster.Book;
using Edge.Cluster.Placements;
using Edge.Messages.Channels;
using OnPartition = Edge.Cluster.Placements.OnPartition;

namespace Edge.Node.Site;

/// <summary>Which actors a site's resources ask for, and who runs them by the book: from manifests to the plan and back. Pure.</summary>
internal static class ChannelDemands
{
    /// <summary>Kind of channels in the book's placements.</summary>
    public const string Channel = "channel";

    private static readonly KindTraits Reader = new(OnPartition.Continue, WritesToWorld: false, []);

    /// <summary>One demand for each declared channel.</summary>
    public static IEnumerable<ActorDemand> Of(SiteManifest site)
    {
        var modules = site.Modules.ToDictionary(module => module.Id);
        return site.Channels.Select(channel => new ActorDemand(new(Channel, channel.Id.ToString()))
        {
            Traits = channel.OnPartition == Actors.Channels.OnPartition.Hold ? KindTraits.Fenced : Reader,
            Labels = [.. channel.Placement.Labels.Select(label => new LabelRequirement(label.Name, label.Value))],
            PinnedTo = channel.Placement.Node,
            SpreadOver = channel.Id.Tenant.Value,
            MemoryBytes = modules.GetValueOrDefault(channel.Module)?.Limits.MemoryMaxBytes ?? 0,
        });
    }

    /// <summary>
    /// Who runs each channel, by the names of the nodes' intake logs; nodes that have no log yet own nothing. A channel that holds is this node's only under the membership that the
    /// placement names.
    /// </summary>
    /// <param name="book">The book.</param>
    /// <param name="site">What is declared.</param>
    /// <param name="self">This node.</param>
    /// <param name="member">Its membership; empty while it has none.</param>
    public static PlacementTable Table(BookState book, SiteManifest site, string self, string member)
    {
        var logs = book.Nodes.Values.Where(node => node.Log.Length > 0).ToDictionary(node => node.Name, node => node.Log, StringComparer.Ordinal);
        var holds = site.Channels.Where(channel => channel.OnPartition == Actors.Channels.OnPartition.Hold).Select(channel => channel.Id).ToHashSet();
        string Log(string node) => logs.GetValueOrDefault(node, "");
        var owners = new Dictionary<ChannelId, ChannelOwner>();
        foreach (var placement in book.Placements.Values.Where(placement => placement.Kind == Channel))
        {
            var id = ChannelId.Parse(placement.Identity);
            var fenced = placement.Node == self && holds.Contains(id) && (member.Length == 0 || placement.Member != member);
            owners[id] = new(fenced ? "" : Log(placement.Node), placement.Epoch ?? new())
            {
                Standby = Log(placement.Standby),
                MovingTo = StopRequest.IsIn(placement) ? Log(placement.MovingTo) : null,
            };
        }

        return new(owners, [.. logs.Values.Order(StringComparer.Ordinal)]);
    }
}
