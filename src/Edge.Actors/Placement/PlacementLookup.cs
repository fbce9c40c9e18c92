using System.Collections.Concurrent;
using Proto;
using Proto.Cluster;
using Proto.Cluster.Identity;

namespace Edge.Actors.Placement;

/// <summary>
/// Finds the actors of this node by cluster identity. They are started when they are placed, not when somebody asks: a channel must run
/// although no message comes. Each kind has a supervisor of its own, under which its actors live.
/// </summary>
/// <param name="supervisors">Kinds with their supervisors' props, those first that others need.</param>
/// <param name="supervision">Knows the actors by their identity.</param>
internal sealed class PlacementLookup(IReadOnlyList<(string Kind, Props Props)> supervisors, PlacedSupervision supervision) : IIdentityLookup
{
    private readonly ConcurrentDictionary<ClusterIdentity, PID> _placed = new();
    private readonly List<(string Kind, PID Pid)> _supervisors = [];
    private Proto.Cluster.Cluster? _cluster;

    /// <inheritdoc/>
    public Task SetupAsync(Proto.Cluster.Cluster cluster, string[] kinds, bool isClient)
    {
        _cluster = cluster;
        foreach (var (kind, props) in supervisors)
            _supervisors.Add((kind, cluster.System.Root.SpawnNamed(props, $"placed-{kind}")));
        return Task.CompletedTask;
    }

    /// <summary>Starts an actor. Completes when it has begun.</summary>
    public async Task StartAsync(ClusterIdentity identity)
    {
        var supervisor = _supervisors.First(s => s.Kind == identity.Kind).Pid;
        var started = await _cluster!.System.Root.RequestAsync<PlacedStarted>(supervisor, new StartPlaced(identity, _cluster.GetClusterKind(identity.Kind).Props));
        _placed[identity] = started.Pid;
    }

    /// <summary>Stops an actor. Completes when it has ended; at once when it is not here.</summary>
    public async Task StopAsync(ClusterIdentity identity)
    {
        if (!_placed.TryRemove(identity, out var pid)) return;
        await _cluster!.System.Root.StopAsync(pid);
        supervision.Forget(pid);
    }

    /// <inheritdoc/>
    public Task<PID?> GetAsync(ClusterIdentity clusterIdentity, CancellationToken ct) =>
        Task.FromResult(_placed.TryGetValue(clusterIdentity, out var pid) ? pid : null);

    /// <inheritdoc/>
    public Task RemovePidAsync(ClusterIdentity clusterIdentity, PID pid, CancellationToken ct)
    {
        _placed.TryRemove(new(clusterIdentity, pid));
        return Task.CompletedTask;
    }

    /// <summary>Stops the kinds one after the other, the last of the list first: channels before the modules and the intake that they use.</summary>
    public async Task ShutdownAsync()
    {
        for (var i = _supervisors.Count - 1; i >= 0; i--) await _cluster!.System.Root.StopAsync(_supervisors[i].Pid);
    }
}

/// <summary>Asks a kind's supervisor to start an actor.</summary>
/// <param name="Identity">Under which it is found.</param>
/// <param name="Props">What it is made of.</param>
internal sealed record StartPlaced(ClusterIdentity Identity, Props Props);

/// <summary>The actor runs.</summary>
/// <param name="Pid">Where.</param>
internal sealed record PlacedStarted(PID Pid);
