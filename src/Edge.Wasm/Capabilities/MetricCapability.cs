namespace Edge.Wasm.Capabilities;

/// <summary>May record metrics of its own (<c>metric</c>); they take effect when the call succeeds.</summary>
public sealed record MetricCapability : Capability
{
    /// <inheritdoc/>
    public override string Kind => "metric";

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked is MetricCapability;

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
