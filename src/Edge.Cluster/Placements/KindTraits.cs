using System.Collections.Immutable;

namespace Edge.Cluster.Placements;

/// <summary>What a node does with an actor when it loses touch with the site.</summary>
public enum OnPartition
{
    /// <summary>The actor stops acting when the lease ends. For whatever writes to the world.</summary>
    Hold,

    /// <summary>The actor goes on without a lease; on heal the placement in the book wins. For readers.</summary>
    Continue,
}

/// <summary>What is true of all actors of a kind.</summary>
/// <param name="OnPartition">What happens without a lease.</param>
/// <param name="WritesToWorld">Writes to devices, through the gate. Only with <see cref="OnPartition.Hold"/>.</param>
/// <param name="Needs">Labels that a node must have to run the kind at all.</param>
public sealed record KindTraits(OnPartition OnPartition, bool WritesToWorld, ImmutableArray<LabelRequirement> Needs)
{
    /// <summary>Holds, writes, needs nothing: the safe choice.</summary>
    public static KindTraits Fenced { get; } = new(OnPartition.Hold, true, []);
}
