namespace Edge.Wasm.Capabilities;

/// <summary>
/// A named grant, as written in manifests: <c>fs:/data:ro</c>, <c>fs:/data:rw</c>, <c>fs</c> (file functions may be imported, no folder is open),
/// <c>clock</c>, <c>clock:offset=2h,drift=5ms</c>, <c>random</c>, <c>log</c>, <c>metric</c>, <c>net:host:port</c>, <c>gpio:gpiochip0/17:in|out</c>,
/// <c>mqtt:pub:alarms/#</c>, <c>kv:64KiB</c>. The set is closed: <see cref="FileCapability"/>, <see cref="ClockCapability"/>,
/// <see cref="RandomCapability"/>, <see cref="LogCapability"/>, <see cref="MetricCapability"/>, <see cref="NetCapability"/>,
/// <see cref="GpioCapability"/>, <see cref="PublishCapability"/>, <see cref="KvCapability"/>.
/// </summary>
public abstract record Capability
{
    private protected Capability()
    {
    }

    /// <summary>The word before the first colon, such as <c>fs</c>: what a refused module is told that it lacks.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it lets a module act outside of the site (drive a line, call another machine), where two owners at once would do harm.</summary>
    public virtual bool WritesToTheWorld => false;

    /// <summary>Reads a capability. On failure <paramref name="error"/> names the value, what is allowed and the nearest known word.</summary>
    public static bool TryParse(string text, out Capability? capability, out string? error)
    {
        capability = CapabilityGrammar.Read(text, out error);
        return capability is not null;
    }

    /// <summary>Whether holding this grant allows what <paramref name="asked"/> asks (a wider filter, the same or a read-write folder, a larger quota).</summary>
    public abstract bool Covers(Capability asked);

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public abstract override string ToString();
}
