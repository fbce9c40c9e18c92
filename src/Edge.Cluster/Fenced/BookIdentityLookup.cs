using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Microsoft.Extensions.Logging;
using Proto;
using Proto.Cluster;
using Proto.Cluster.Identity;
using ProtoCluster = Proto.Cluster.Cluster;

namespace Edge.Cluster.Fenced;

/// <summary>
/// Finds actors by the book's placements, and starts those that are placed here when the placement is committed, not when somebody asks: what controls something must run although no
/// message comes. An actor whose placement names another owner or epoch is stopped; one that is asked to move is stopped, and the book told, before the next owner starts.
/// </summary>
internal sealed partial class BookIdentityLookup(FencedSystemOptions options) : IIdentityLookup
{
    private readonly ConcurrentDictionary<ActorName, (Epoch Epoch, PID Pid)> _here = new();
    private readonly Dictionary<string, PID> _supervisors = new(StringComparer.Ordinal);
    private readonly Channel<BookState> _states = Channel.CreateBounded<BookState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly ILogger _log = options.Logs.CreateLogger<BookIdentityLookup>();
    private ProtoCluster? _cluster;
    private IDisposable? _watch;
    private Task _following = Task.CompletedTask;
    private ImmutableDictionary<ActorName, Placement> _seen = ImmutableDictionary<ActorName, Placement>.Empty;

    /// <summary>Actors that run here.</summary>
    public int Count => _here.Count;

    /// <inheritdoc/>
    public Task SetupAsync(ProtoCluster cluster, string[] kinds, bool isClient)
    {
        _cluster = cluster;
        var log = options.Logs.CreateLogger<FencedSupervisor>();
        foreach (var kind in options.Kinds)
        {
            var supervisor = new FencedSupervisor(kind, options.Holds, options.GivenUp, log);
            _supervisors[kind.Name] = cluster.System.Root.SpawnNamed(Props.FromProducer(() => supervisor).WithChildSupervisorStrategy(supervisor), FencedAddress.Supervisor(kind.Name));
        }

        _watch = options.Book.Watch(change =>
        {
            if (change.Before.Placements != change.After.Placements) _states.Writer.TryWrite(change.After);
        });
        _states.Writer.TryWrite(options.Book.Current);
        _following = Task.Run(FollowAsync);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<PID?> GetAsync(ClusterIdentity clusterIdentity, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(clusterIdentity);
        var actor = new ActorName(clusterIdentity.Kind, clusterIdentity.Identity);
        if (!options.Book.Current.Placements.TryGetValue(actor, out var placement) || placement.Node.Length == 0) return Task.FromResult<PID?>(null);
        if (placement.Node != options.Node) return Task.FromResult<PID?>(FencedAddress.Of(placement));
        return Task.FromResult(_here.TryGetValue(actor, out var here) && here.Epoch.Equals(placement.Epoch) ? here.Pid : null);
    }

    /// <inheritdoc/>
    public Task RemovePidAsync(ClusterIdentity clusterIdentity, PID pid, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Stops the kinds one after the other, the last first.</summary>
    public async Task ShutdownAsync()
    {
        _watch?.Dispose();
        _states.Writer.TryComplete();
        await _following;
        for (var i = options.Kinds.Count - 1; i >= 0; i--) await _cluster!.System.Root.StopAsync(_supervisors[options.Kinds[i].Name]);
    }

    private async Task FollowAsync()
    {
        await foreach (var state in _states.Reader.ReadAllAsync())
        {
            var before = _seen;
            _seen = state.Placements;
            foreach (var actor in Changed(before, state.Placements)) await FollowAsync(actor, state.Placements.GetValueOrDefault(actor));
        }
    }

    // Both sides are walked; entries that did not change are the same objects, so this is a comparison of references.
    private static List<ActorName> Changed(ImmutableDictionary<ActorName, Placement> before, ImmutableDictionary<ActorName, Placement> after)
    {
        List<ActorName> changed = [.. before.Keys.Where(actor => !after.ContainsKey(actor))];
        changed.AddRange(after.Where(p => !ReferenceEquals(before.GetValueOrDefault(p.Key), p.Value)).Select(p => p.Key));
        return changed;
    }

    private async Task FollowAsync(ActorName actor, Placement? placement)
    {
        _cluster!.PidCache.TryRemove(ClusterIdentity.Create(actor.Identity, actor.Kind));
        var mine = placement is not null && placement.Node == options.Node && placement.Member == _cluster.System.Id && _supervisors.ContainsKey(actor.Kind);
        var leaves = mine && placement!.HasMovingTo && placement.MovingTo != options.Node;
        if (_here.TryGetValue(actor, out var running) && (!mine || leaves || !running.Epoch.Equals(placement!.Epoch)))
        {
            await _cluster.System.Root.StopAsync(running.Pid);
            _here.TryRemove(actor, out _);
            LogStopped(actor.ToString(), Epochs.Text(running.Epoch));
        }

        if (leaves) await options.Released(actor, placement!.Epoch);
        else if (mine && !_here.ContainsKey(actor)) await StartAsync(actor, placement!.Epoch);
    }

    private async Task StartAsync(ActorName actor, Epoch epoch)
    {
        var started = await _cluster!.System.Root.RequestAsync<FencedStarted>(_supervisors[actor.Kind], new StartFenced(actor, epoch));
        _here[actor] = (epoch, started.Pid);
        LogStarted(actor.ToString(), Epochs.Text(epoch));
    }

    [LoggerMessage(8110, LogLevel.Debug, "Actor {Actor} runs here in epoch {Epoch}")]
    private partial void LogStarted(string actor, string epoch);

    [LoggerMessage(8111, LogLevel.Debug, "Actor {Actor} of epoch {Epoch} was stopped here")]
    private partial void LogStopped(string actor, string epoch);
}
