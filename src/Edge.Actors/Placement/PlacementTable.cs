using Edge.Messages.Book;
using Edge.Messages.Channels;

namespace Edge.Actors.Placement;

/// <summary>Where a channel runs, as the site's book says.</summary>
/// <param name="Node">Its owner; empty while it runs nowhere.</param>
/// <param name="Epoch">Fencing token of the placement: whoever acts for the channel with a lower one is refused.</param>
public sealed record ChannelOwner(string Node, Epoch Epoch)
{
    /// <summary>The node that keeps the copy of its state; empty: none. Intake logs then hold what the owner committed alone.</summary>
    public string Standby { get; init; } = "";

    /// <summary>Set while the owner is asked to stop and hand its state to this node, which comes next.</summary>
    public string? MovingTo { get; init; }
}

/// <summary>Which node runs which channel, and whose intake logs hold readings: immutable, derived from the book, or from what is declared for a node on its own.</summary>
/// <param name="Channels">Owners; a declared channel that is missing runs nowhere, and every intake log keeps its readings until their cap.</param>
/// <param name="Logs">Names of the nodes with an intake log, this one's included or not.</param>
public sealed record PlacementTable(IReadOnlyDictionary<ChannelId, ChannelOwner> Channels, IReadOnlyList<string> Logs)
{
    /// <summary>Nothing runs anywhere: what a node of a site starts with, before it knows better.</summary>
    public static PlacementTable Nowhere { get; } = new(new Dictionary<ChannelId, ChannelOwner>(), []);

    /// <summary>Everything on the one node that there is.</summary>
    public static PlacementTable SingleNode(string node, SiteManifest site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return new(site.Channels.ToDictionary(c => c.Id, _ => new ChannelOwner(node, new Epoch())), [node]);
    }
}
