using System.Diagnostics.Metrics;
using Edge.Actors.Channels;
using Edge.Actors.Diagnostics;
using Edge.Actors.Modules;
using Edge.Actors.Placement;
using Edge.Actors.Tenants;
using Edge.Cluster.Transport;
using Edge.Messages.Channels;
using Edge.Messages.Intake;
using Edge.Messages.Tenants;
using Edge.Wasm;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Actors.Tests;

/// <summary>
/// A node without a broker: real actors, real modules, disks of memory that outlive it. Events are kept from the first, so a wait may be armed after the fact.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<EdgeEvent> _events = [];
    private readonly List<(Func<EdgeEvent, bool> Wanted, TaskCompletionSource<EdgeEvent> Done)> _waits = [];
    private readonly Lock _gate = new();

    public string Name { get; private init; } = "local";

    public MemoryIntakeLog Log { get; init; } = new();

    public MemoryChannelStore Store { get; init; } = new();

    public Received Received { get; } = new();

    public EdgeSystem System { get; private set; } = null!;

    public IReadOnlyList<ModuleSpec> Modules { get; private set; } = [];

    public IReadOnlyList<EdgeEvent> Events
    {
        get { lock (_gate) return [.. _events]; }
    }

    public static ChannelId Channel(string name = "channel") => new(TenantName.Default, name);

    public static ModuleSpec Module(string wat, params string[] ports) => new()
    {
        Id = new(TenantName.Default, Path.GetFileNameWithoutExtension(wat)),
        File = Compiled(wat),
        Ports = ports,
    };

    /// <summary>A channel named <c>channel</c> of topic <c>in/#</c>, handler Counter, to topic <c>out</c>.</summary>
    public static ChannelSpec Counting() => new()
    {
        Id = Channel(),
        Topic = "in/#",
        Module = new(TenantName.Default, "Counter"),
        Payload = new() { Format = PayloadFormat.Bytes },
        Ports = new Dictionary<string, PortSpec> { ["count"] = new() { Topic = "out", Format = PortFormat.Csv, Type = Wasm.Instances.SampleType.I32 } },
        DeadLetters = new() { Topic = "dead" },
        Commit = new() { Every = TimeSpan.FromMilliseconds(20) },
    };

    /// <summary>A channel of topic <c>in/#</c>, module Blocks, headers to <c>headers</c> and samples as CSV to <c>samples</c>.</summary>
    public static ChannelSpec Blocking() => new()
    {
        Id = Channel(),
        Topic = "in/#",
        Module = new(TenantName.Default, "Blocks"),
        Block = new() { Count = 4 },
        Ports = new Dictionary<string, PortSpec>
        {
            ["header"] = new() { Topic = "headers" },
            ["samples"] = new() { Topic = "samples", Format = PortFormat.Csv },
        },
        DeadLetters = new() { Topic = "dead", PerSecond = 100 },
        Commit = new() { Every = TimeSpan.FromMilliseconds(20) },
    };

    public static async Task<TestNode> StartAsync(
        ChannelSpec[] channels, TestNode? disksOf = null, TimeProvider? time = null, ModuleSpec[]? modules = null, PlacementTable? placements = null, TenantSpec[]? tenants = null, string name = "local", ChannelPeers? peers = null)
    {
        var node = disksOf is null ? new TestNode { Name = name } : new TestNode { Name = name, Log = disksOf.Log, Store = disksOf.Store };
        node.Modules = modules ?? [Module("Channels/Counter.wat", "count"), Module("Channels/Blocks.wat", "header", "samples")];
        var events = new EdgeEvents();
        events.Subscribe(node.Note);
        node.System = await EdgeSystem.StartAsync(
            new()
            {
                Site = node.Site(channels) is var site && tenants is null ? site : site with { Tenants = tenants! },
                Placements = placements,
                Node = name,
                Peers = peers,
                CopyEvery = TimeSpan.FromMilliseconds(20),
                IntakeLog = node.Log,
                ChannelStore = node.Store,
                Sink = node.Received,
                ModuleHost = () => new ModuleHost(new() { InstancesMax = 200 }, TimeProvider.System, NullLoggerFactory.Instance),
                Logs = NullLoggerFactory.Instance,
                Meters = new Meters(),
                Time = time ?? TimeProvider.System,
            },
            events);
        return node;
    }

    /// <summary>The node's modules with these channels.</summary>
    public SiteManifest Site(params ChannelSpec[] channels) => new([new() { Name = TenantName.Default }], Modules, channels);

    /// <summary>Hands in a reading as the broker would.</summary>
    public long Send(string payload, byte qos = 1, string topic = "in/a", long arrivalUs = 1_700_000_000_000_000, string? traceParent = null) =>
        System.Intake.Take(new Reading
        {
            Tenant = "default", Topic = topic, Payload = ByteString.CopyFromUtf8(payload), Qos = qos, ArrivalUs = arrivalUs, ClientId = "device", TraceParent = traceParent ?? "",
        });

    public async Task<T> Happened<T>(Func<T, bool>? which = null)
        where T : EdgeEvent
    {
        var done = new TaskCompletionSource<EdgeEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<EdgeEvent, bool> wanted = e => e is T fits && (which is null || which(fits));
        lock (_gate)
        {
            if (_events.FirstOrDefault(wanted) is T already) return already;
            _waits.Add((wanted, done));
        }

        try
        {
            return (T)await done.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            lock (_gate) Assert.Fail($"Waited {Patience} for {typeof(T).Name}; happened: {string.Join(", ", _events.TakeLast(20))}");
            throw;
        }
    }

    /// <summary>Completes when the state up to a sequence is stored.</summary>
    public Task Committed(long position) => Happened<EdgeEvent.ChannelCommitted>(c => c.Position[Name] >= position);

    public ChannelStatus Status => System.Status.Channels.First(c => c.Id == Channel());

    /// <summary>What a power cut leaves: nothing is committed or said any more.</summary>
    public void Forget() => Store.Full = true;

    public async ValueTask DisposeAsync() => await System.DisposeAsync();

    private void Note(EdgeEvent happened)
    {
        lock (_gate)
        {
            _events.Add(happened);
            foreach (var wait in _waits.Where(w => w.Wanted(happened)).ToList())
            {
                _waits.Remove(wait);
                wait.Done.SetResult(happened);
            }
        }
    }

    private static string Compiled(string wat)
    {
        var file = Path.Combine(Path.GetTempPath(), $"edge-actors-tests-{Guid.NewGuid():N}.wasm");
        File.WriteAllBytes(file, WebAssemblyText.ToWasm(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, wat))));
        return file;
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options.Name);

        public void Dispose()
        {
        }
    }
}
