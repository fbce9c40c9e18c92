namespace Edge.Node.Admin.Routes;

/// <summary>A node.</summary>
internal sealed record NodeView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>leader, voter, witness or follower.</summary>
    public required string Role { get; init; }

    /// <summary>ready, cordoned, draining or down.</summary>
    public required string State { get; init; }

    /// <summary>Id of its running actor system; absent while it is no member.</summary>
    public string? Member { get; init; }

    /// <summary>Since when, as incarnation.index.</summary>
    public string? Epoch { get; init; }

    /// <summary>What is left of its lease.</summary>
    public double? LeaseMs { get; init; }

    /// <summary>Placements that it owns.</summary>
    public required int Actors { get; init; }

    /// <summary>Busy cores.</summary>
    public double? Cpu { get; init; }

    /// <summary>Resident memory.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Live guest instances.</summary>
    public int? Instances { get; init; }

    /// <summary>Its clock less the leader's.</summary>
    public double? ClockOffsetMs { get; init; }

    /// <summary>Flush time of its disk, 99th percentile.</summary>
    public double? FlushP99Ms { get; init; }

    /// <summary>Last book index that it has applied.</summary>
    public ulong? Applied { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Labels for placement.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What it has for actors: memory.</summary>
    public long? CapacityMemoryBytes { get; init; }

    /// <summary>What it has for actors: instances.</summary>
    public int? CapacityInstances { get; init; }

    /// <summary>Where it was last seen.</summary>
    public required IReadOnlyDictionary<string, string> Addresses { get; init; }

    /// <summary>Why nothing new is placed on it.</summary>
    public string? Cordoned { get; init; }

    /// <summary>Whether its actors are being moved away.</summary>
    public bool Draining { get; init; }
}

/// <summary>Nodes at one index of the book.</summary>
internal sealed record NodeListView(ulong Index, IReadOnlyList<NodeView> Items)
{
    /// <summary>What the site's operator should know of its votes; absent when there is nothing.</summary>
    public string? Advice { get; init; }
}

/// <summary>Why a node is cordoned or drained.</summary>
internal sealed record ReasonView
{
    /// <summary>For people; may be left out.</summary>
    public string Reason { get; set; } = "";
}

/// <summary>Where an actor runs.</summary>
internal sealed record PlacementView(string Kind, string Identity, string Tenant, string Node, string Member, string Epoch, string Standby, string? MovingTo, string? Reason);

/// <summary>Placements at one index of the book.</summary>
internal sealed record PlacementListView(ulong Index, IReadOnlyList<PlacementView> Items);
