using System.Diagnostics.Metrics;
using Edge.Actors.Channels;
using Edge.Actors.Diagnostics;
using Edge.Actors.Intake;
using Edge.Actors.Modules;
using Edge.Actors.Placement;
using Edge.Actors.Telemetry;
using Edge.Actors.Traffic;
using Edge.Cluster.Transport;
using Edge.Messages.Channels;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Cluster;

namespace Edge.Actors;

/// <summary>
/// The actors of one node: channels, modules and the intake, found by cluster identity and supervised. Started once, changed while it runs (<see cref="ApplyAsync"/>), drained, stopped; it cannot be started again.
/// </summary>
/// <remarks>
/// A node on its own goes through the seams of a site: <see cref="LocalClusterProvider"/> says who is a member, <see cref="PlacementLookup"/> where an actor is, and channels pull from
/// the intake by cursor. It opens no port.
/// </remarks>
public sealed partial class EdgeSystem : IAsyncDisposable
{
    private readonly EdgeSystemOptions _options;
    private readonly RunningSite _site;
    private readonly ChannelOwners _owners = new();
    private readonly StatusBoard _board;
    private readonly ChannelMetrics _metrics;
    private readonly ModuleLoader _loader;
    private readonly ChannelFeed _feed;
    private readonly ActorSystem _actors;
    private readonly PlacementLookup _lookup;
    private readonly CopyKeeper _keeper;
    private SystemPhase _phase = SystemPhase.Starting;

    private EdgeSystem(EdgeSystemOptions options, EdgeEvents events)
    {
        _options = options;
        Events = events;
        _site = new(new([], [], []), PlacementTable.Nowhere);
        _board = new(events);
        _metrics = new(options.Meters);
        _loader = new(options);
        Intake = new(options.IntakeLog, options.Node, id => _board.Find(id)?.Meter.Dropped(Channels.Payloads.DropReason.Overflow));
        _feed = new(options.Sink, Intake, options.IntakeLog, options.Time, options.Logs.CreateLogger<ChannelFeed>());
        _metrics.ObserveLag(() => _board.Channels.Select(c => new Measurement<long>(c.Lag, new KeyValuePair<string, object?>("channel", c.Id.ToString()))));
        _actors = new(ActorSystemConfig.Setup().WithDeadLetterRequestLogging(false));
        var log = options.Logs.CreateLogger<PlacedSupervisor>();
        var supervision = new PlacedSupervision(GivenUp, log);
        _lookup = new(Supervisors(supervision, log), supervision);
        _keeper = new(options.Node, options.ChannelStore, _owners);
        Traffic = new NodeTraffic(
            new(options.Node, options.IntakeLog, _owners, new(options.Replicas, _site), _actors.Root, async () => await PlacedAsync(EdgeKinds.IntakeOf(options.Node))), _keeper);
    }

    /// <summary>Where the broker hands readings to.</summary>
    public IntakeRouter Intake { get; }

    /// <summary>What this node does for channels that run on others: the transport serves it to them.</summary>
    public IChannelTraffic Traffic { get; }

    /// <summary>State transitions, for tests, the console and health checks.</summary>
    public EdgeEvents Events { get; }

    /// <summary>What the system knows of itself now. Cheap and thread-safe.</summary>
    public SystemStatus Status => _board.Read(_phase);

    /// <summary>Starts every declared module and every channel that is placed here. Completes when the actors run; modules may still be compiling (see <see cref="Status"/>).</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="events">Whoever wants to hear of the first events too passes a publisher that it already listens to.</param>
    public static async Task<EdgeSystem> StartAsync(EdgeSystemOptions options, EdgeEvents? events = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var system = new EdgeSystem(options, events ?? new());
        await system.JoinAsync();
        await system.ChangeAsync(options.Site, options.Placements ?? PlacementTable.SingleNode(options.Node, options.Site));
        system._phase = SystemPhase.Running;
        return system;
    }

    /// <summary>
    /// Processes what has been taken so far and commits it. The broker stops taking first. False when <paramref name="limit"/> ran out: what is left of
    /// QoS 1 and 2 is in the intake log and comes after the next start, or is pulled by the channel's next owner.
    /// </summary>
    public async Task<bool> DrainAsync(TimeSpan limit)
    {
        if (_phase != SystemPhase.Running) return false;
        _phase = SystemPhase.Draining;
        using var patience = new CancellationTokenSource(limit, _options.Time);
        try
        {
            // What one channel sends while it drains may be another's to process: again, until nothing was sent on. No channel feeds itself, so that comes to an end.
            long sent;
            do
            {
                sent = _feed.Count;
                await Task.WhenAll(_board.Channels.ToList().Select(c => DrainAsync(c, patience.Token)));
            }
            while (_feed.Count != sent);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Stops all actors, each channel committing what it processed, and disposes instances and the module host. Returns after <paramref name="limit"/> at the latest.</summary>
    /// <exception cref="TimeoutException">Something did not end within the limit. Nothing acknowledged is lost, but the process should exit.</exception>
    public async Task StopAsync(TimeSpan limit)
    {
        if (_phase == SystemPhase.Stopped) return;
        _phase = SystemPhase.Stopped;
        _feed.Dispose();
        try
        {
            // Not Cluster.ShutdownAsync: it tells peers by gossip and waits for two rounds of it, and there are no peers.
            await Task.Run(async () =>
            {
                await _changing.WaitAsync();
                await _lookup.ShutdownAsync();
                _loader.Dispose();
            }).WaitAsync(limit, _options.Time);
        }
        finally
        {
            await _actors.ShutdownAsync("The node stops.");
            _metrics.Dispose();
        }
    }

    /// <summary>Stops within ten seconds if it was not stopped.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.FromSeconds(10));

    private async Task DrainAsync(ChannelGauge channel, CancellationToken patience)
    {
        if (await _lookup.GetAsync(EdgeKinds.Of(channel.Id), patience) is { } pid && channel.Status.State != ChannelState.Failed)
            await _actors.Root.RequestAsync<ChannelDrained>(pid, new DrainChannel(), patience);
    }

    private async Task JoinAsync()
    {
        _ = new NoRemote(_actors);
        var config = ClusterConfig.Setup("edge", new LocalClusterProvider(), _lookup).WithClusterKinds([.. Kinds()]) with
        {
            // With one member there is nobody to gossip with, so it turns seldom. But the library calls five seconds without a turn an error.
            GossipInterval = TimeSpan.FromSeconds(3),
            HeartbeatExpiration = TimeSpan.Zero,
            RemotePidCacheTimeToLive = TimeSpan.Zero,
        };
        var cluster = new Proto.Cluster.Cluster(_actors, config);
        await cluster.StartMemberAsync();
        await _lookup.StartAsync(EdgeKinds.IntakeOf(_options.Node));
        await _lookup.StartAsync(EdgeKinds.ModulesOf(_options.Node));
    }

    private IEnumerable<ClusterKind> Kinds()
    {
        var (time, logs) = (_options.Time, _options.Logs);
        var parts = new SensorChannelParts(
            _site, _options.Node, _options.IntakeLog, _options.ChannelStore, _feed, _board, new(_options.Node, time.GetUtcNow()),
            _options.Peers, _options.CopyEvery, time, logs.CreateLogger<SensorChannel>());
        var (intakeLog, modulesLog) = (logs.CreateLogger<IntakeActor>(), logs.CreateLogger<ModuleSupervisor>());
        yield return new(EdgeKinds.Intake, Of(() => new IntakeActor(_options.Node, Intake, _options.IntakeLog, _owners, time, intakeLog)));
        yield return new(EdgeKinds.Modules, Of(() => new ModuleSupervisor(time, _site, _loader, _board, modulesLog)));
        yield return new(EdgeKinds.Channel, Of(() => new SensorChannel(parts)));
    }

    // The library warns of an actor that takes 0.1 s to start, which on a small or busy machine is no news.
    private static Props Of(Producer actor) => Props.FromProducer(actor).WithStartDeadline(TimeSpan.Zero);

    // In the order in which the kinds need each other; they stop in the reverse order.
    private static List<(string Kind, Props Props)> Supervisors(PlacedSupervision supervision, ILogger log)
    {
        var props = Of(() => new PlacedSupervisor(supervision, log)).WithChildSupervisorStrategy(supervision);
        return [(EdgeKinds.Intake, props), (EdgeKinds.Modules, props), (EdgeKinds.Channel, props)];
    }

    private void GivenUp(ClusterIdentity identity, string reason)
    {
        if (identity.Kind == EdgeKinds.Channel) _board.Find(ChannelId.Parse(identity.Identity))?.Show(ChannelState.Failed, reason);
    }
}
