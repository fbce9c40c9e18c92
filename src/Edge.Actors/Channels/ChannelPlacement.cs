namespace Edge.Actors.Channels;

/// <summary>When a QoS 1 or 2 reading for a channel is acknowledged.</summary>
public enum Durability
{
    /// <summary>On stable storage of the node that took it in.</summary>
    Local,

    /// <summary>On a second node too.</summary>
    Replicated,
}

/// <summary>What a channel does on a node that cannot reach its site.</summary>
public enum OnPartition
{
    /// <summary>Goes on reading and computing: it only reads the world.</summary>
    Continue,

    /// <summary>Stops until the node is a member again: another node may have taken over what it drives.</summary>
    Hold,
}

/// <summary>A label of a node.</summary>
/// <param name="Name">Such as <c>arch</c>.</param>
/// <param name="Value">Such as <c>arm64</c>.</param>
public readonly record struct Label(string Name, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}={Value}";
}

/// <summary>Which nodes may run a channel, as its manifest states it. The placement plan weighs it.</summary>
public sealed record ChannelPlacement
{
    /// <summary>Labels that a node must have.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];

    /// <summary>Labels that a node should have.</summary>
    public IReadOnlyList<Label> Prefer { get; init; } = [];

    /// <summary>Names of channels of the same tenant that should run elsewhere.</summary>
    public IReadOnlyList<string> AntiAffinity { get; init; } = [];

    /// <summary>The one node that may run it; null: any.</summary>
    public string? Node { get; init; }

    /// <summary>Whether another says the same, in the same order: a channel that is read from the book again must not look changed.</summary>
    public bool Equals(ChannelPlacement? other) =>
        other is not null && Node == other.Node && Labels.SequenceEqual(other.Labels) && Prefer.SequenceEqual(other.Prefer) && AntiAffinity.SequenceEqual(other.AntiAffinity, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Node, Labels.Count, Prefer.Count, AntiAffinity.Count);
}
