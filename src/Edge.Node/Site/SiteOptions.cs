using System.Net;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;

namespace Edge.Node.Site;

/// <summary>How a node takes part in its site.</summary>
internal sealed record SiteOptions
{
    /// <summary>Folder of identity and book, in the data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>This node's name when it founds or joins a site. A node that has joined keeps the name that it joined with.</summary>
    public required string Name { get; init; }

    /// <summary>Where it hears other nodes.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Name of a site that it founds. Default: the node's name.</summary>
    public string? SiteName { get; init; }

    /// <summary>The token to join with; null: go on in the site that it is in, or found one.</summary>
    public JoinToken? Token { get; init; }

    /// <summary>Addresses of the site from <c>--site</c>.</summary>
    public IReadOnlyList<NodeAddress> Written { get; init; } = [];

    /// <summary>What the node says of itself: labels, capacity, version, its other addresses.</summary>
    public required NodeRecord About { get; init; }

    /// <summary>How long flushes take here: the book's are added to them.</summary>
    public FlushTimes? Flushes { get; init; }

    /// <summary>Whether it announces itself on the LAN, and listens for announcements.</summary>
    public bool Announce { get; init; } = true;
}
