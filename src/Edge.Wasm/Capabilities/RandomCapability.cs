namespace Edge.Wasm.Capabilities;

/// <summary>May ask for random bytes (WASI <c>random_get</c>), from the operating system's cryptographic source.</summary>
public sealed record RandomCapability : Capability
{
    /// <inheritdoc/>
    public override string Kind => "random";

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked is RandomCapability;

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
