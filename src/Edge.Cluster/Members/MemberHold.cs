namespace Edge.Cluster.Members;

/// <summary>What the leader knows of one member's lease. Readings are of the leader's monotonic clock.</summary>
internal sealed class MemberHold(string node, string member, long since, long expiresAt)
{
    /// <summary>Node of the member.</summary>
    public string Node { get; } = node;

    /// <summary>Its id.</summary>
    public string Member { get; } = member;

    /// <summary>When this leader first knew of it.</summary>
    public long Since { get; } = since;

    /// <summary>Until then its lease may run.</summary>
    public long ExpiresAt { get; set; } = expiresAt;

    /// <summary>Given up, or known to have ended: never renewed again.</summary>
    public bool Over { get; set; }

    /// <summary>No longer in the book: never renewed again, but its lease may still run until <see cref="ExpiresAt"/>.</summary>
    public bool Dropped { get; set; }

    /// <summary>Asked to leave.</summary>
    public bool Leaving { get; set; }

    /// <summary>Flush time that it last reported, in milliseconds.</summary>
    public double FlushMs { get; set; }

    /// <summary>First placement that concerns it and that it has not applied; 0 if there is none.</summary>
    public ulong ConcernIndex { get; set; }

    /// <summary>When that was committed.</summary>
    public long ConcernSince { get; set; }

    /// <summary>Last placement that concerns it.</summary>
    public ulong ConcernLast { get; set; }
}
