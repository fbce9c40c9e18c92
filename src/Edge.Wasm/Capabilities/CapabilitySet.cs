namespace Edge.Wasm.Capabilities;

/// <summary>The grants of one module: deny by default.</summary>
/// <param name="Grants">The grants.</param>
public sealed record CapabilitySet(IReadOnlyList<Capability> Grants)
{
    /// <summary>Grants nothing.</summary>
    public static CapabilitySet None { get; } = new([]);

    /// <summary>Those of <paramref name="asked"/> that no grant of this set covers.</summary>
    public IReadOnlyList<Capability> Missing(CapabilitySet asked) => [.. asked.Grants.Where(a => !Grants.Any(g => g.Covers(a)))];
}
