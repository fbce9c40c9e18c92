using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Edge.Actors;
using Edge.Node.Admin;
using Edge.Node.Configuration.Schema;
using Edge.Node.Gpio;
using Edge.Node.Mqtt;
using Edge.Node.Mqtt.Devices;
using Edge.Node.Storage;
using Edge.Node.Telemetry;
using Edge.Wasm;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Hosting;

/// <summary>
/// A running node: the data folder with its intake log and channel store, the actors, the broker and the admin server, started in the order in which they need each other
/// and stopped in the reverse. It takes readings once <see cref="StartAsync"/> has returned, until <see cref="StopAsync"/>.
/// </summary>
internal sealed partial class EdgeNode : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Stack<IAsyncDisposable> _owned = new();
    private DataFolder? _data;
    private AdminServer? _admin;
    private IntakeLog? _intake;
    private ChannelStore? _state;
    private EdgeSystem? _system;
    private MqttBroker? _broker;
    private ILogger<EdgeNode> _log = NullLogger<EdgeNode>.Instance;

    private EdgeNode(NodeOptions options, TimeProvider time) => (_options, _time, _started) = (options, time, time.GetTimestamp());

    /// <summary>Where clients connect to.</summary>
    public IPEndPoint Mqtt => _broker!.EndPoint;

    /// <summary>Where the admin server listens.</summary>
    public IPEndPoint Http => _admin!.EndPoint;

    /// <summary>How the node does.</summary>
    public NodeHealth Health => _system is { } system && _intake is { } intake && _broker is not null ? NodeHealth.Of(system.Status, intake.Health, _state!.Damage, Room()) : NodeHealth.Starting;

    /// <summary>Starts a node.</summary>
    /// <exception cref="NodeStartException">It cannot start; what was started is stopped again.</exception>
    public static async Task<EdgeNode> StartAsync(NodeOptions options, SiteManifest site, TimeProvider time)
    {
        var node = new EdgeNode(options, time);
        try
        {
            await node.StartPartsAsync(site);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more messages, processes and commits what was taken, tells clients, and closes everything. Bounded by the drain limit and a few seconds.</summary>
    public async Task StopAsync()
    {
        await _broker!.StopTakingAsync();
        if (!await _system!.DrainAsync(_options.DrainLimit))
        {
            LogDrainIncomplete(_options.DrainLimit.TotalSeconds);
        }

        await _system.StopAsync(StopLimit);
        await DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task StartPartsAsync(SiteManifest site)
    {
        var data = _data = Own(DataFolder.Open(_options.Data));
        var admin = new AdminServerOptions { EndPoint = _options.Http, JsonLog = _options.JsonLog };
        _admin = Own(await AdminServer.StartAsync(admin, new AdminPages(() => Health, Status, () => ManifestSchema.Text), () => null, _time));
        var logs = _admin.Services.GetRequiredService<ILoggerFactory>();
        var meters = _admin.Services.GetRequiredService<IMeterFactory>();
        _log = logs.CreateLogger<EdgeNode>();
        Own(new ActorLibraryLog(logs));
        var activities = Own(new ActivitySource(NodeTelemetry.Source));
        var metrics = Own(new StorageMetrics(meters));
        _intake = Own(IntakeLog.Open(new IntakeLogOptions(data.IntakeFolder), metrics, _time, logs.CreateLogger<IntakeLog>()));
        _state = Own(ChannelStore.Open(data.StateFile, metrics, _time, logs.CreateLogger<ChannelStore>()));
        _broker = Own(await OpenBrokerAsync(data, meters, activities, logs));
        _system = Own(await EdgeSystem.StartAsync(new EdgeSystemOptions
        {
            Site = site,
            IntakeLog = _intake,
            ChannelStore = _state,
            Sink = _broker,
            ModuleHost = () => new ModuleHost(new ModuleHostOptions { CacheFolder = data.ModuleCacheFolder, CacheKey = data.CacheKey }, _time, logs, meters),
            Logs = logs,
            Meters = meters,
            Time = _time,
            FilesRoot = data.TenantFiles,
            Gpio = Own(new GpioLines(logs.CreateLogger<GpioLines>())),
        }));
        _broker.Accept(new RouterIntake(_system.Intake));
        await UntilReadyAsync(_system);
    }

    // Messages are taken already; but who is told "ready" should find modules compiled and channels running. A module that takes longer is named by /readyz.
    private async Task UntilReadyAsync(EdgeSystem system)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var events = system.Events.Subscribe(_ =>
        {
            if (system.Status.Ready)
            {
                ready.TrySetResult();
            }
        });
        if (!system.Status.Ready)
        {
            await ready.Task.WaitAsync(ReadyLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<MqttBroker> OpenBrokerAsync(DataFolder data, IMeterFactory meters, ActivitySource activities, ILoggerFactory logs)
    {
        var devices = new DeviceFile(data.DevicesFile);
        var options = new MqttBrokerOptions { EndPoint = _options.Mqtt };
        if (options.RequireCredentials && devices.Read(out _).Count == 0)
        {
            throw new NodeStartException(
                $"MQTT may not listen on {options.EndPoint} without credentials: {devices.Path} names no device. Allowed without: a loopback address. Add a device with 'edge device add NAME --data {_options.Data}'.");
        }

        var authenticator = Own(new DeviceAuthenticator(devices, _time, logs.CreateLogger<DeviceAuthenticator>()));
        try
        {
            return await MqttBroker.OpenAsync(options, authenticator, meters, activities, _time, logs.CreateLogger<MqttBroker>());
        }
        catch (SocketException failure)
        {
            throw new NodeStartException(PortOwner.Explain("MQTT", "--mqtt", options.EndPoint, failure.SocketErrorCode), failure);
        }
    }

    private DiskRoom? Room()
    {
        try
        {
            return _data!.Room;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private StatusView Status()
    {
        var version = typeof(EdgeNode).Assembly.GetName().Version!.ToString(3);
        var uptime = Math.Round(_time.GetElapsedTime(_started).TotalSeconds, 3);
        var system = _broker is null ? null : _system?.Status;
        return new(
            version, uptime, Health.Status, _broker?.EndPoint.ToString() ?? "", _broker?.SessionCount ?? 0, _intake is { } log ? IntakeView.Of(log) : null,
            system is null ? [] : StatusView.ModulesOf(system), system is null ? [] : StatusView.ChannelsOf(system));
    }

    private T Own<T>(T part)
        where T : notnull
    {
        _owned.Push(part as IAsyncDisposable ?? new Owned((IDisposable)part));
        return part;
    }

    [LoggerMessage(7001, LogLevel.Warning, "Not everything that was taken could be processed in {Seconds} s; readings of QoS 1 and 2 come after the next start")]
    private partial void LogDrainIncomplete(double seconds);

    private sealed class Owned(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
