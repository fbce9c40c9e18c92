using System.Diagnostics.Metrics;
using Edge.Wasm.Native;

namespace Edge.Wasm.Tests;

/// <summary>The figures of the room, as a listener of the meter sees them.</summary>
public sealed class WasmMetricsTests : IDisposable
{
    private readonly Dictionary<string, double> _sums = [];
    private readonly MeterListener _listener = new();
    private readonly Factory _meters = new();
    private readonly Sandbox _sandbox;

    public WasmMetricsTests()
    {
        _sandbox = new(new ModuleHostOptions { InstancesMax = 64 }, TimeProvider.System, AddressSpace.CanReserve, _meters);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meters.Meter) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _sandbox.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void Calls_faults_loads_and_instances_are_counted_by_module()
    {
        using (var instance = _sandbox.Start(Sandbox.Fixture("Faults/DivideByZero.wat")))
        {
            for (var i = 0; i < 99; i++) instance.Handle([], [1], 0);
            instance.Handle([], [], 0);
            _listener.RecordObservableInstruments();
        }

        _sandbox.Rejected("(module)");

        Assert.Equal(100, _sums["edge.module.calls module=guest"]);
        Assert.Equal(1, _sums["edge.module.faults module=guest reason=trap"]);
        Assert.Equal(1, _sums["edge.module.instances"]);
        Assert.Equal(1, _sums["edge.module.loads outcome=compiled"]);
        Assert.Equal(1, _sums["edge.module.loads outcome=rejected"]);
        Assert.Equal(1, _sums["edge.module.compile.duration"]);
        Assert.InRange(_sums["edge.module.call.duration module=guest"], 1, 100);
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (tag, text) in tags) name += $" {tag}={text}";
        _sums[name] = _sums.GetValueOrDefault(name) + value;
    }

    private sealed class Factory : IMeterFactory
    {
        public Meter? Meter { get; private set; }

        public Meter Create(MeterOptions options) => Meter = new(options);

        public void Dispose() => Meter?.Dispose();
    }
}
