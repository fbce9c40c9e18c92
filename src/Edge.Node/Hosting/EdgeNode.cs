using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Edge.Actors;
using Edge.Cluster.Book;
using Edge.Cluster.Transport;
using Edge.Messages.Site;
using Edge.Node.Admin;
using Edge.Node.Admin.Access;
using Edge.Node.Admin.Watch;
using Edge.Node.Configuration.Book;
using Edge.Node.Configuration.Schema;
using Edge.Node.Gpio;
using Edge.Node.Mqtt;
using Edge.Node.Mqtt.Devices;
using Edge.Node.Site;
using Edge.Node.Storage;
using Edge.Node.Storage.Replicas;
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
    private SiteNode? _site;
    private AdminSite? _adminSite;
    private SiteMembership? _membership;
    private SiteRun? _run;
    private LogMirror? _mirror;
    private SiteTransitions? _transitions;
    private ILogger<EdgeNode> _log = NullLogger<EdgeNode>.Instance;

    private readonly CpuShare _cpu;
    private readonly FlushTimes _flushes;

    private EdgeNode(NodeOptions options, TimeProvider time) => (_options, _time, _started, _cpu, _flushes) = (options, time, time.GetTimestamp(), new(time), new(time));

    /// <summary>Where clients connect to.</summary>
    public IPEndPoint Mqtt => _broker!.EndPoint;

    /// <summary>Where the admin server listens.</summary>
    public IPEndPoint Http => _admin!.EndPoint;

    /// <summary>The node's part in its site.</summary>
    public SiteNode Site => _site!;

    /// <summary>How the node does.</summary>
    public NodeHealth Health => _system is { } system && _intake is { } intake && _transitions is { } transitions
        ? NodeHealth.Of(system.Status, intake.Health, _state!.Damage, Room(), new SiteHealth(Site.Name, transitions.WithoutLease, _membership!.Reason, Site.Book.Leadership.Leader, _mirror!.Health, _run!.Findings).Parts(Site.Book.Current))
        : NodeHealth.Starting;

    /// <summary>Starts a node.</summary>
    /// <exception cref="NodeStartException">It cannot start; what was started is stopped again.</exception>
    public static async Task<EdgeNode> StartAsync(NodeOptions options, TimeProvider time)
    {
        var node = new EdgeNode(options, time);
        try
        {
            await node.StartPartsAsync();
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
        await _run!.DisposeAsync();
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

    private async Task StartPartsAsync()
    {
        var data = _data = Own(DataFolder.Open(_options.Data));
        var admin = new AdminServerOptions { EndPoint = _options.Http, JsonLog = _options.JsonLog, Certificate = () => Site.Identity.Certificate, Authority = () => Site.Identity.AuthorityCertificate };
        _admin = Own(await AdminServer.StartAsync(admin, new AdminPages(() => Health, Status, () => ManifestSchema.Text), () => _adminSite, _time));
        var logs = _admin.Services.GetRequiredService<ILoggerFactory>();
        var meters = _admin.Services.GetRequiredService<IMeterFactory>();
        _log = logs.CreateLogger<EdgeNode>();
        Own(new ActorLibraryLog(logs));
        var activities = Own(new ActivitySource(NodeTelemetry.Source));
        var metrics = Own(new StorageMetrics(meters));
        metrics.FlushTook += _flushes.Took;
        _intake = Own(IntakeLog.Open(new IntakeLogOptions(data.IntakeFolder), metrics, _time, logs.CreateLogger<IntakeLog>()));
        _state = Own(ChannelStore.Open(data.StateFile, metrics, _time, logs.CreateLogger<ChannelStore>()));
        _broker = Own(await OpenBrokerAsync(data, meters, activities, logs));
        var blobs = ModuleBlobs.Open(data.ModuleBlobsFolder);
        var replicas = Own(new ReplicaLogs(data.ReplicasFolder, metrics, _time, logs.CreateLogger<IntakeLog>()));
        _site = Own(await JoinSiteAsync(data, blobs, replicas, logs));
        var figures = Own(new SiteMetrics(meters, _time));
        Site.Book.Appending = figures.Append;
        _adminSite = new(Site.Book, blobs, new NodeBoard(Site.Book, Site.Desk, Site.Dial, _time), LocalToken.Write(data.Path, _admin.LocalUrl, Convert.ToHexStringLower(Site.Identity.AuthorityFingerprint)), Own(new ResourceHistory(Site.Book)));
        if (_options.Manifests is { } folder) await new FolderManifests(Site.Book, blobs, Path.Combine(data.SiteFolder, "from-folder"), Site.Name, _time).ApplyAsync(folder, CancellationToken.None);
        await StartChannelsAsync(data, blobs, replicas, figures, meters, logs);
    }

    private async Task<SiteNode> JoinSiteAsync(DataFolder data, ModuleBlobs blobs, ReplicaLogs replicas, ILoggerFactory logs)
    {
        if (WitnessNode.IsWitness(data.SiteFolder))
            throw new NodeStartException($"Data folder {data.Path} is that of a witness. Start it with 'edge witness', or name another folder with --data and join as a node of another name.");
        var log = LogNameFile.ReadOrMake(Path.Combine(data.SiteFolder, "log"), _options.Name ?? NodeNames.OfMachine());
        var about = NodeAbout.Of(_options.Labels, _options.MayVote, log.ToString());
        about.Addresses = new() { Mqtt = NodeAbout.Reachable(_broker!.EndPoint), Http = NodeAbout.Reachable(_admin!.EndPoint) };
        var options = new SiteOptions { Folder = data.SiteFolder, Name = log.Node, Listen = _options.Peers, Token = _options.Join, Written = _options.Site, About = about, Announce = _options.Announce, Flushes = _flushes };
        return await SiteNode.StartAsync(
            options,
            state => ChannelDemands.Of(SiteFromBook.Load(state, blobs.PathOf).Site),
            services => services
                .AddSingleton(new ModuleBytesService(digest => blobs.Has(digest) ? File.OpenRead(blobs.PathOf(digest)) : null))
                .AddSingleton(new MirroringService(replicas, PeerCaller.RequirePeer))
                .AddSingleton(new ForwardingService(new ForwardedOutputs(_broker!.Filters, _broker)))
                .AddSingleton(new ChannelTrafficService(() => _system?.Traffic, call => Site.LogOf(PeerCaller.RequirePeer(call)))),
            routes =>
            {
                routes.MapGrpcService<ModuleBytesService>();
                routes.MapGrpcService<MirroringService>();
                routes.MapGrpcService<ForwardingService>();
                routes.MapGrpcService<ChannelTrafficService>();
            },
            logs,
            _time,
            CancellationToken.None);
    }

    private async Task StartChannelsAsync(DataFolder data, ModuleBlobs blobs, ReplicaLogs replicas, SiteMetrics metrics, IMeterFactory meters, ILoggerFactory logs)
    {
        var book = Site.Book.Current;
        var view = SiteView.Of(book, blobs);
        var outputs = Own(new SiteOutputs(Site.Name, _broker!, Site.Dial, metrics, _time, logs.CreateLogger<SiteOutputs>()));
        var peers = Own(new ChannelPeers(log => LogName.TryParse(log, out var name) ? Site.Dial(name.Node) : null));
        _membership = Own(new SiteMembership(Site, Path.Combine(data.SiteFolder, "member"), Load, () => _flushes.P99, logs, _time));
        _system = Own(await EdgeSystem.StartAsync(new EdgeSystemOptions
        {
            Site = view.Site,
            Placements = ChannelDemands.Table(book, view.Site, Site.Name, ""),
            Node = Site.Log.ToString(),
            Peers = peers,
            Replicas = replicas,
            IntakeLog = _intake!,
            ChannelStore = _state!,
            Sink = outputs,
            ModuleHost = () => new ModuleHost(new ModuleHostOptions { CacheFolder = data.ModuleCacheFolder, CacheKey = data.CacheKey }, _time, logs, meters),
            Logs = logs,
            Meters = meters,
            Time = _time,
            FilesRoot = data.TenantFiles,
            Gpio = Own(new GpioLines(logs.CreateLogger<GpioLines>())),
        }));
        var durable = new ReplicatedTopics();
        var mirror = _mirror = Own(new LogMirror(Site.Log, _intake!, durable.Wants, Site.Dial, _time, logs.CreateLogger<LogMirror>()));
        var fetch = new ModuleFetch(Site.Name, Site.Book, blobs, Site.Dial, logs.CreateLogger<ModuleFetch>());
        _run = Own(new SiteRun(Site, _membership, blobs, fetch, outputs, mirror, durable, _system, view, _time, logs.CreateLogger<SiteRun>()));
        metrics.Observe(Site.Book, () => _membership.Member.Length > 0, () => mirror.Waiting);
        _transitions = Own(new SiteTransitions(Site, _membership, _system.Events, metrics, _time));
        _membership.Start();
        _broker!.Accept(new SiteIntake(new RouterIntake(_system.Intake), mirror));
        await UntilReadyAsync(_system);
    }

    private Load Load()
    {
        var status = _system?.Status;
        return new() { MemoryBytes = Environment.WorkingSet, Actors = status?.Channels.Count(c => c.State == Actors.Channels.ChannelState.Running) ?? 0, Cpu = _cpu.Share };
    }

    // Messages are taken already; but who is told "ready" should find modules compiled, and the site's channels placed and running. What takes longer is named by /readyz.
    private async Task UntilReadyAsync(EdgeSystem system)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (IsSettled(system)) ready.TrySetResult();
        }

        using var events = system.Events.Subscribe(_ => Look());
        using var book = Site.Book.Watch(_ => Look());
        Look();
        await ready.Task.WaitAsync(ReadyLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool IsSettled(EdgeSystem system)
    {
        var (book, status) = (Site.Book.Current, system.Status);
        return status.Ready && _run!.Declared.Channels.All(channel =>
            book.Placements.TryGetValue(new(ChannelDemands.Channel, channel.Id.ToString()), out var placement)
            && (placement.Node != Site.Name || status.Channels.Any(running => running.Id == channel.Id)));
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
