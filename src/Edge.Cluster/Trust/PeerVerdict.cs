namespace Edge.Cluster.Trust;

/// <summary>Whether a peer is believed to be a node of this site. A closed set: one trusted, the rest with the reason in words.</summary>
public abstract record PeerVerdict
{
    private PeerVerdict()
    {
    }

    /// <summary>Why it is not trusted, for people; empty if it is.</summary>
    public abstract string Reason { get; }

    /// <summary>A node of the site, under its own name.</summary>
    /// <param name="Name">The name in its certificate.</param>
    /// <param name="KeyFingerprint">SHA-256 of its key.</param>
    public sealed record Trusted(string Name, byte[] KeyFingerprint) : PeerVerdict
    {
        /// <inheritdoc/>
        public override string Reason => "";
    }

    /// <summary>It showed none: a joiner, or no node at all. It may join and nothing else.</summary>
    public sealed record NoCertificate : PeerVerdict
    {
        /// <inheritdoc/>
        public override string Reason => "it showed no certificate";
    }

    /// <summary>Signed by another CA, by itself, or damaged.</summary>
    /// <param name="Subject">What the certificate says of itself; proves nothing.</param>
    public sealed record ForeignCertificate(string Subject) : PeerVerdict
    {
        /// <inheritdoc/>
        public override string Reason => $"its certificate ({Subject}) is not of this site's CA";
    }

    /// <summary>The site signed it once, and the book does not list it: it was removed, or never admitted.</summary>
    public sealed record UnlistedNode(string Name) : PeerVerdict
    {
        /// <inheritdoc/>
        public override string Reason => $"node '{Name}' is not in the book: it was removed, or never admitted";
    }

    /// <summary>A node of that name is listed, with another key: this one was removed and its name given to a successor.</summary>
    public sealed record OtherKey(string Name, byte[] KeyFingerprint) : PeerVerdict
    {
        /// <inheritdoc/>
        public override string Reason => $"node '{Name}' is in the book with another key than {Fingerprints.Prefix(KeyFingerprint)}";
    }

    /// <summary>A true node of the site answered where another was dialled.</summary>
    public sealed record WrongName(string Dialled, string Answered) : PeerVerdict
    {
        /// <inheritdoc/>
        public override string Reason => $"node '{Answered}' answered where '{Dialled}' was dialled";
    }
}
