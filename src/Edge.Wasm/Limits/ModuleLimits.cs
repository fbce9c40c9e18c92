using Edge.Wasm.Native;

namespace Edge.Wasm.Limits;

/// <summary>
/// What one instance of a module may use. The module's manifest asks, the tenant's caps bound it
/// (<see cref="CappedBy"/>). Reaching a limit is a <see cref="Faults.GuestFault"/> or an error code to the guest, never
/// harm to the node.
/// </summary>
public sealed record ModuleLimits
{
    /// <summary>Linear memory in bytes. Default 64 MiB; 64 KiB–2 GiB, rounded down to whole 64 KiB pages, of 2 GiB one page less. Growing past it returns -1 to the guest.</summary>
    public long MemoryMaxBytes { get; init; } = 64L << 20;

    internal long MemoryBytes => Math.Min(MemoryMaxBytes, EngineLayout.MemoryMaxBytes) & ~0xffffL;

    /// <summary>
    /// Wall-clock limit for one guest call, host calls and sleeps included. Default 250 ms; 20 ms–30 s, in ticks of 10 ms, so a call is
    /// stopped at most one tick late. The guest is trapped and its instance replaced.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Wall-clock limit for <c>_initialize</c>, <c>edge_init</c> and <c>edge_restore</c> together. Default 5 s; 20 ms–60 s.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Elements of all tables together. Default 65 536; 0–1 000 000. Growing past it returns -1 to the guest.</summary>
    public int TableElementsMax { get; init; } = 65_536;

    /// <summary>Bytes that one call may hand out (emit, publish, kv, response, stdout). Default 1 MiB; 1 KiB–64 MiB. Past it the guest gets <c>EDGE_E_LIMIT</c>.</summary>
    public int OutputMaxBytes { get; init; } = 1 << 20;

    /// <summary>Log lines per second, with a burst of as many. Default 50; 0–10 000; 0 drops all. Lines past it are dropped and counted.</summary>
    public int LogLinesPerSecond { get; init; } = 50;

    /// <summary>Live instances of the module on this node (keys of its channels, requests in flight). Default 1 000; 1–20 000. Past it a new one is refused.</summary>
    public int InstancesMax { get; init; } = 1_000;

    /// <summary>The smaller of both for each limit.</summary>
    public ModuleLimits CappedBy(ModuleLimits cap) => new()
    {
        MemoryMaxBytes = Math.Min(MemoryMaxBytes, cap.MemoryMaxBytes),
        Deadline = Deadline < cap.Deadline ? Deadline : cap.Deadline,
        StartDeadline = StartDeadline < cap.StartDeadline ? StartDeadline : cap.StartDeadline,
        TableElementsMax = Math.Min(TableElementsMax, cap.TableElementsMax),
        OutputMaxBytes = Math.Min(OutputMaxBytes, cap.OutputMaxBytes),
        LogLinesPerSecond = Math.Min(LogLinesPerSecond, cap.LogLinesPerSecond),
        InstancesMax = Math.Min(InstancesMax, cap.InstancesMax),
    };
}
