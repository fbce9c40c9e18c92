namespace Edge.Wasm.Capabilities;

/// <summary>
/// A named grant, as written in manifests: <c>fs:/data:ro</c>, <c>fs:/data:rw</c>, <c>fs</c> (file functions may be imported, no folder is open),
/// <c>clock</c>, <c>clock:offset=2h,drift=5ms</c>, <c>random</c>, <c>log</c>, <c>metric</c>, <c>net:host:port</c>, <c>gpio:gpiochip0/17:in|out</c>,
/// <c>mqtt:pub:alarms/#</c>, <c>kv:64KiB</c>. The set is closed.
/// </summary>
public abstract record Capability
{
    /// <summary>Reads a capability. On failure <paramref name="error"/> names the value, what is allowed and the nearest known word.</summary>
    public static bool TryParse(string text, out Capability? capability, out string? error) => throw new NotImplementedException();

    /// <summary>Whether holding this grant allows what <paramref name="asked"/> asks (a wider filter, the same or a read-write folder, a larger quota).</summary>
    public abstract bool Covers(Capability asked);

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public abstract override string ToString();
}
