using Edge.Messages.Modules;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Limits;

namespace Edge.Actors.Modules;

/// <summary>A module as its manifest states it.</summary>
public sealed record ModuleSpec
{
    /// <summary>The module.</summary>
    public required ModuleId Id { get; init; }

    /// <summary>Full path of the <c>.wasm</c> file.</summary>
    public required string File { get; init; }

    /// <summary>Bytes for <c>edge_init</c>: the manifest's <c>config</c> as compact JSON. Empty if it has none.</summary>
    public ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>What it asks for; must be covered by the tenant's.</summary>
    public CapabilitySet Capabilities { get; init; } = CapabilitySet.None;

    /// <summary>What it asks to use; capped by the tenant's.</summary>
    public ModuleLimits Limits { get; init; } = new();

    /// <summary>Names of the guest's port numbers, in order: <c>emit(0, …)</c> goes to the first.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Whether another says the same. The file is told by its path: whoever replaces its bytes gives them another one, such as one with the digest in it.</summary>
    public bool IsSame(ModuleSpec other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Config = other.Config, Capabilities = other.Capabilities, Ports = other.Ports } == other
            && Config.Span.SequenceEqual(other.Config.Span) && Capabilities.Grants.SequenceEqual(other.Capabilities.Grants) && Ports.SequenceEqual(other.Ports);
    }
}
