namespace Edge.Cluster.Trust;

/// <summary>What a data folder says about who the node is.</summary>
public abstract record IdentityRead
{
    private IdentityRead()
    {
    }

    /// <summary>It has joined a site before and needs no token.</summary>
    public sealed record Found(NodeIdentity Identity) : IdentityRead;

    /// <summary>It is of no site yet: found one, or join one with a token.</summary>
    public sealed record None : IdentityRead;

    /// <summary>It was of a site, and what is left does not prove it.</summary>
    /// <param name="Message">For people: which file, what to do.</param>
    public sealed record Damaged(string Message) : IdentityRead;
}

/// <summary>A new site: its first node and its authority.</summary>
public sealed record FoundedSite(NodeIdentity Identity, SiteAuthority Authority);
