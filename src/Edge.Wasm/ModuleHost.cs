using System.Diagnostics.Metrics;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Edge.Wasm.Native;
using Microsoft.Extensions.Logging;

namespace Edge.Wasm;

/// <summary>
/// The module host of a node: one Wasmtime engine, its compiled-module cache, the ticker that drives deadlines, the bounded guest threads and the
/// count of live instances. Made when the first module is loaded (Wasmtime costs 18 MB of resident memory). Dispose it after its instances.
/// </summary>
public sealed partial class ModuleHost : IDisposable
{
    /// <summary>A pool below the instances that one module may have by default is worth a word to the operator.</summary>
    private const int SmallPool = 1_000;

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly EngineHandle _engine;
    private readonly DeadlineTicker _ticker;
    private readonly WasmMetrics _metrics;
    private readonly InstanceCount _instances;
    private readonly ModuleLoader _loader;

    /// <summary>Makes the engine.</summary>
    /// <param name="options">See there.</param>
    /// <param name="time">The node's clock; deadlines are measured by it.</param>
    /// <param name="logs">For this room's own log lines; guests log to <see cref="InstanceOptions.Log"/>.</param>
    /// <param name="meters">For the meter <c>Edge</c>; null measures into a meter of its own.</param>
    public ModuleHost(ModuleHostOptions options, TimeProvider time, ILoggerFactory logs, IMeterFactory? meters = null)
        : this(options, time, logs, meters, HostImports.All, AddressSpace.CanReserve)
    {
    }

    internal ModuleHost(
        ModuleHostOptions options, TimeProvider time, ILoggerFactory logs, IMeterFactory? meters, IReadOnlyList<HostImport> imports, Func<ulong, bool> canReserve)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InstancesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.InstancesMax, 20_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThreadsMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ThreadsMax, 256);
        _time = time;
        _log = logs.CreateLogger<ModuleHost>();
        var most = Math.Min(options.InstancesMax, MemoryMaps.InstancesMax(MemoryMaps.ReadLimit()));
        _instances = new(most);
        _metrics = new(meters, () => _instances.Live);
        var layout = EngineLayout.For(most, canReserve);
        if (layout.Slots < SmallPool) LogSmallAddressSpace(_log, layout.Slots);
        _engine = EngineConfiguration.NewEngine(layout);
        _ticker = new(time, _engine.IncrementEpoch);
        Threads = new(options.ThreadsMax);
        var cache = options.CacheFolder is { } folder
            ? new ModuleCache(folder, options.CacheKey, EngineConfiguration.Fingerprint(layout), _log)
            : null;
        _loader = new(_engine, imports, cache, _metrics, time);
    }

    /// <summary>The threads that guests run on.</summary>
    public GuestThreads Threads { get; }

    /// <summary>Live instances now.</summary>
    public int LiveInstances => _instances.Live;

    internal DeadlineTicker Ticker => _ticker;

    /// <summary>Compiles, or maps the compiled form from the cache. Blocking (a Go module compiles in about a second): call it off an actor's turn.</summary>
    public ModuleLoad Load(ReadOnlySpan<byte> wasm) => _loader.Load(wasm);

    /// <summary>
    /// Instantiates, runs <c>_initialize</c>, <c>edge_init</c> and, with a snapshot, <c>edge_restore</c>. Call it on a guest thread. Null with a fault
    /// (<see cref="GuestFault.Unavailable"/> at a limit) when there is no instance.
    /// </summary>
    public ModuleInstance? Create(CompiledModule module, InstanceOptions options, out GuestFault? fault)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(options);
        var lease = _instances.TryTake(module, options, out var refusal);
        if (lease is null)
        {
            fault = new GuestFault.Unavailable(refusal!);
            _metrics.Fault(options.Module, fault.Reason);
            return null;
        }

        GuestStore? store = null;
        ModuleInstance? instance = null;
        try
        {
            store = new(_engine, module, new GuestContext(options, new CallEffects(), _ticker, _metrics), _ticker);
            fault = InstanceStart.Run(module, store);
            if (fault is null) instance = new(module, store, lease, new CallMeter(_metrics, _time, options.Module));
            else _metrics.Fault(options.Module, fault.Reason);
            return instance;
        }
        finally
        {
            // Also when the module was disposed meanwhile: its place must not be lost.
            if (instance is null)
            {
                store?.Dispose();
                lease.Return();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Threads.Dispose();
        _ticker.Dispose();
        _loader.Dispose();
        _engine.Dispose();
        _metrics.Dispose();
    }

    [LoggerMessage(1000, LogLevel.Warning, "The address space holds {Slots} pooled instances only; further ones are refused, or with 0 made one by one, which is slower")]
    private static partial void LogSmallAddressSpace(ILogger log, int slots);
}
