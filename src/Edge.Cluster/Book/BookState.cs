using System.Collections.Immutable;
using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>
/// The site's book at one index: nodes, declared resources, placements, tokens, keys and the audit log. Immutable; the next state shares all that did not change, so readers keep one
/// as long as they like. The protobuf messages inside are never changed after they are in a state.
/// </summary>
public sealed record BookState
{
    /// <summary>Book of a site that was not founded yet.</summary>
    public static BookState Empty { get; } = new();

    /// <summary>Index of the last command that is in the state; 0 for none.</summary>
    public ulong Index { get; init; }

    /// <summary>The site; null before its first command.</summary>
    public SiteRecord? Site { get; init; }

    /// <summary>Admitted nodes by name.</summary>
    public ImmutableSortedDictionary<string, NodeRecord> Nodes { get; init; } = ImmutableSortedDictionary.Create<string, NodeRecord>(StringComparer.Ordinal);

    /// <summary>Declared resources.</summary>
    public ImmutableDictionary<ResourceId, Resource> Resources { get; init; } = ImmutableDictionary<ResourceId, Resource>.Empty;

    /// <summary>Where each actor runs.</summary>
    public ImmutableDictionary<ActorName, Placement> Placements { get; init; } = ImmutableDictionary<ActorName, Placement>.Empty;

    /// <summary>Tokens by id, spent and expired ones too until they are swept.</summary>
    public ImmutableDictionary<string, TokenRecord> Tokens { get; init; } = ImmutableDictionary.Create<string, TokenRecord>(StringComparer.Ordinal);

    /// <summary>Keys that tenants trust, by tenant and name.</summary>
    public ImmutableDictionary<(string Tenant, string Name), TrustedKey> Keys { get; init; } = ImmutableDictionary<(string, string), TrustedKey>.Empty;

    /// <summary>Who changed what, oldest first; bounded.</summary>
    public ImmutableQueue<AuditEntry> Audit { get; init; } = ImmutableQueue<AuditEntry>.Empty;

    /// <summary>Entries in <see cref="Audit"/>.</summary>
    public int AuditCount { get; init; }

    /// <summary>Answers to the last commands, by request id, so that a repeated one does nothing.</summary>
    public ImmutableDictionary<string, BookOutcome> Remembered { get; init; } = ImmutableDictionary.Create<string, BookOutcome>(StringComparer.Ordinal);

    /// <summary>The keys of <see cref="Remembered"/>, oldest first.</summary>
    public ImmutableQueue<string> RememberedOrder { get; init; } = ImmutableQueue<string>.Empty;

    /// <summary>Names of the voters as the leader last saw them.</summary>
    public ImmutableArray<string> Voters { get; init; } = [];

    /// <summary>Who grants leases; null before the first leader took the lead.</summary>
    public LeadRecord? Lead { get; init; }
}
