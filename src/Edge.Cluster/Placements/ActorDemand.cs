using System.Collections.Immutable;
using Edge.Cluster.Book;

namespace Edge.Cluster.Placements;

/// <summary>An actor that shall run, and what it asks of a node.</summary>
public sealed record ActorDemand
{
    /// <summary>A demand that asks for nothing but a place.</summary>
    public ActorDemand(ActorName name) => Name = name;

    /// <summary>The actor.</summary>
    public ActorName Name { get; }

    /// <summary>Traits of its kind.</summary>
    public KindTraits Traits { get; init; } = KindTraits.Fenced;

    /// <summary>Labels that its node must have.</summary>
    public ImmutableArray<LabelRequirement> Labels { get; init; } = [];

    /// <summary>The only node that may run it (GPIO); null: any. A pinned actor has no standby: it does not fail over.</summary>
    public string? PinnedTo { get; init; }

    /// <summary>Node that runs it if it can; null: no preference.</summary>
    public string? Prefers { get; init; }

    /// <summary>Two actors of the same group never run on the same node; null: no such group.</summary>
    public string? ApartFrom { get; init; }

    /// <summary>Actors of the same group are spread evenly where there is a choice: the tenant; null: no such group.</summary>
    public string? SpreadOver { get; init; }

    /// <summary>Memory that it may take, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Module instances that it may hold.</summary>
    public int Instances { get; init; } = 1;
}
