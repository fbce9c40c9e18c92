namespace Edge.Wasm.Capabilities;

/// <summary>May write log lines (<c>log</c>), up to the rate of <see cref="Limits.ModuleLimits.LogLinesPerSecond"/>.</summary>
public sealed record LogCapability : Capability
{
    /// <inheritdoc/>
    public override string Kind => "log";

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked is LogCapability;

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
