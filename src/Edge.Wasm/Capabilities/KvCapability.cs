namespace Edge.Wasm.Capabilities;

/// <summary>May keep durable pairs (<c>kv_get</c>, <c>kv_put</c>) up to a size per instance, keys and values together.</summary>
/// <param name="MaxBytes">Quota in bytes; 1 B–64 MiB. A put past it gets <c>EDGE_E_LIMIT</c>.</param>
public sealed record KvCapability(long MaxBytes) : Capability
{
    private const long Most = 64L << 20;

    /// <inheritdoc/>
    public override string Kind => "kv";

    internal static Capability? Parse(string? rest, out string problem)
    {
        problem = "";
        if (CapabilityUnits.TrySize(rest ?? "", out var bytes) && bytes is >= 1 and <= Most) return new KvCapability(bytes);
        problem = $"has the size '{rest}'; allowed is a whole number with one of {CapabilityUnits.SizeUnits}, from 1B to {CapabilityUnits.Format(Most)}.";
        return null;
    }

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked is KvCapability other && MaxBytes >= other.MaxBytes;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}:{CapabilityUnits.Format(MaxBytes)}";
}
