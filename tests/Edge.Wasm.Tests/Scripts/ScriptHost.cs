using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Wasm.Tests.Scripts;

/// <summary>What one call of a <see cref="Script"/> came to.</summary>
/// <param name="Results">What each step returned; empty when the call did not end by itself.</param>
/// <param name="Emitted">What <see cref="Script.Show"/> showed.</param>
internal sealed record ScriptResult(IReadOnlyList<int> Results, IReadOnlyList<byte[]> Emitted, GuestFault? Fault);

/// <summary>A module host with one <see cref="ScriptGuest"/> at a time, whose denials and log lines can be read.</summary>
internal sealed class ScriptHost : IDisposable
{
    private readonly ModuleHost _host;
    private readonly CompiledModule _module;
    private readonly MeterListener _listener = new();
    private readonly string _name = $"script-{Guid.NewGuid():N}";
    private readonly List<string> _denials = [];
    private ModuleInstance? _instance;

    public ScriptHost(params string[] grants)
        : this(TimeProvider.System, grants)
    {
    }

    public ScriptHost(TimeProvider time, params string[] grants)
    {
        _host = new(new ModuleHostOptions { InstancesMax = 8 }, time, NullLoggerFactory.Instance);
        _module = ((ModuleLoad.Loaded)_host.Load(ScriptGuest.Wasm)).Module;
        Options = new()
        {
            Tenant = "acme",
            Module = _name,
            Limits = new() { Deadline = TimeSpan.FromSeconds(30) },
            Grants = new([.. grants.Select(Parse)]),
            Log = Log,
        };
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "edge.module.denied") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Count(tags));
        _listener.Start();
    }

    public InstanceOptions Options { get; set; }

    public CollectedLog Log { get; } = new();

    /// <summary>The capability of each denial, in order.</summary>
    public IReadOnlyList<string> Denials => _denials;

    public ModuleInstance Instance => _instance ??= Create(out var fault) ?? throw new InvalidOperationException(fault!.Message);

    public ModuleInstance? Create(out GuestFault? fault) => _host.Create(_module, Options, out fault);

    /// <summary>Runs the script as one message of the same instance, on this thread.</summary>
    public ScriptResult Run(Script script)
    {
        var outcome = Instance.Handle("t"u8, script.ToInput(), 0);
        if (!outcome.Succeeded) return new([], [], outcome.Fault);
        var emits = Instance.Effects.Emits.Select(emit => (emit.Port, Bytes: Instance.Effects.Span(emit.Payload).ToArray())).ToList();
        var results = emits.Single(emit => emit.Port == ScriptGuest.ResultsPort).Bytes;
        return new(
            [.. Enumerable.Range(0, results.Length / 4).Select(i => BinaryPrimitives.ReadInt32LittleEndian(results.AsSpan(4 * i)))],
            [.. emits.Where(emit => emit.Port == 0).Select(emit => emit.Bytes)],
            null);
    }

    /// <summary>Runs the script as <c>edge_init</c> of a new instance: the fault carries its last result if that is below 0.</summary>
    public GuestFault? RunAtStart(Script script)
    {
        Options = Options with { Config = script.ToInput() };
        using var instance = Create(out var fault);
        return fault;
    }

    public void With(ModuleLimits limits) => Options = Options with { Limits = limits };

    /// <summary>Ends the instance, which tells what is pending.</summary>
    public void EndInstance()
    {
        _instance?.Dispose();
        _instance = null;
    }

    public void Dispose()
    {
        EndInstance();
        _module.Dispose();
        _host.Dispose();
        _listener.Dispose();
    }

    private static Capability Parse(string text) => Capability.TryParse(text, out var capability, out var error) ? capability! : throw new ArgumentException(error);

    private void Count(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? module = null, capability = null;
        foreach (var (name, value) in tags)
        {
            if (name == "module") module = (string?)value;
            if (name == "capability") capability = (string?)value;
        }
        if (module == _name) _denials.Add(capability!);
    }
}
