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

    /// <summary>Who runs each channel, by the names of the nodes' intake logs; nodes that have no log yet own nothing.</summary>
    public static PlacementTable Table(BookState book)
    {
        var logs = book.Nodes.Values.Where(node => node.Log.Length > 0).ToDictionary(node => node.Name, node => node.Log, StringComparer.Ordinal);
        string Log(string node) => logs.GetValueOrDefault(node, "");
        var channels = book.Placements.Values
            .Where(placement => placement.Kind == Channel)
            .ToDictionary(placement => ChannelId.Parse(placement.Identity), placement => new ChannelOwner(Log(placement.Node), placement.Epoch ?? new())
            {
                Standby = Log(placement.Standby),
                MovingTo = placement.HasMovingTo ? Log(placement.MovingTo) : null,
            });
        return new(channels, [.. logs.Values.Order(StringComparer.Ordinal)]);
    }
}
