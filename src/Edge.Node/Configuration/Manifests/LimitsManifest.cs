using Edge.Node.Configuration.Fields;
using Edge.Wasm.Limits;

namespace Edge.Node.Configuration.Manifests;

/// <summary><c>limits</c>: of a tenant the caps, of a module what it asks for. A limit that is not written is the default, capped by the tenant's.</summary>
internal sealed record LimitsManifest
{
    [Size("Linear memory of one instance. Growing past it fails in the guest.", "64KiB", "2GiB")]
    public long? Memory { get; init; }

    [Duration("Wall-clock time of one call, host calls and sleeps included, in ticks of 10 ms. Past it the instance is ended and replaced.", "20ms", "30s")]
    public TimeSpan? Deadline { get; init; }

    [Duration("Wall-clock time of an instance's start: its initialization, its configuration and its state coming back, together.", "20ms", "60s")]
    public TimeSpan? StartDeadline { get; init; }

    [WholeNumber("Elements of all tables of one instance together. Growing past it fails in the guest.", 0, 1_000_000)]
    public int? TableElements { get; init; }

    [Size("Bytes that one call may hand out: emitted, published, kept, printed. Past it the guest gets EDGE_E_LIMIT.", "1KiB", "64MiB")]
    public long? Output { get; init; }

    [WholeNumber("Log lines per second, with a burst of as many; 0 drops all. Lines past it are dropped and counted.", 0, 10_000)]
    public int? LogLinesPerSecond { get; init; }

    [WholeNumber("Live instances of the module on a node: the keys of its channels. Past it a new one is refused.", 1, 20_000)]
    public int? Instances { get; init; }

    /// <summary>The written limits, the others as in <paramref name="rest"/>.</summary>
    public ModuleLimits Over(ModuleLimits rest) => new()
    {
        MemoryMaxBytes = Memory ?? rest.MemoryMaxBytes,
        Deadline = Deadline ?? rest.Deadline,
        StartDeadline = StartDeadline ?? rest.StartDeadline,
        TableElementsMax = TableElements ?? rest.TableElementsMax,
        OutputMaxBytes = (int?)Output ?? rest.OutputMaxBytes,
        LogLinesPerSecond = LogLinesPerSecond ?? rest.LogLinesPerSecond,
        InstancesMax = Instances ?? rest.InstancesMax,
    };
}
