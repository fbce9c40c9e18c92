using System.Diagnostics.Metrics;
using Edge.Wasm.HostFunctions;

namespace Edge.Wasm;

/// <summary>The figures of this room, on the meter <c>Edge</c>. Tags are module, reason and capability names of manifests, never topics or keys.</summary>
internal sealed class WasmMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _denied;
    private readonly Counter<long> _logDropped;
    private readonly Counter<long> _loads;
    private readonly Histogram<double> _compile;

    public WasmMetrics(IMeterFactory? meters, Func<int> liveInstances)
    {
        _meter = meters?.Create("Edge") ?? new Meter("Edge");
        _calls = _meter.CreateCounter<long>("edge.module.calls", "{call}", "Guest calls, added in batches.");
        _duration = _meter.CreateHistogram<double>("edge.module.call.duration", "s", "Time of guest calls; of each instance the first call in every tick of 10 ms.");
        _faults = _meter.CreateCounter<long>("edge.module.faults", "{fault}", "Guest calls that failed, by reason.");
        _denied = _meter.CreateCounter<long>("edge.module.denied", "{denial}", "Uses outside a module's grants.");
        _logDropped = _meter.CreateCounter<long>("edge.module.log.dropped", "{line}", "Log lines of guests dropped by their rate limit.");
        _loads = _meter.CreateCounter<long>("edge.module.loads", "{load}", "Modules loaded: outcome compiled, cached or rejected.");
        _compile = _meter.CreateHistogram<double>("edge.module.compile.duration", "s", "Time to compile a module.");
        _meter.CreateObservableGauge("edge.module.instances", liveInstances, "{instance}", "Live instances.");
    }

    /// <summary>Metric names that guests use, bounded for each module.</summary>
    public GuestMetricNames GuestNames { get; } = new();

    public void Calls(string module, long count) => _calls.Add(count, Module(module));

    public void CallTook(string module, TimeSpan time) => _duration.Record(time.TotalSeconds, Module(module));

    public void Fault(string module, string reason) => _faults.Add(1, Module(module), new("reason", reason));

    public void Denied(string module, string capability) => _denied.Add(1, Module(module), new("capability", capability));

    public void LogLineDropped(string module) => _logDropped.Add(1, Module(module));

    public void Loaded(string outcome) => _loads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Compiled(TimeSpan time) => _compile.Record(time.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Module(string name) => new("module", name);
}
