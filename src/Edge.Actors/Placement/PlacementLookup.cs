using System.Collections.Concurrent;
using Proto;
using Proto.Cluster;
using Proto.Cluster.Identity;

namespace Edge.Actors.Placement;

/// <summary>
/// Finds actors by cluster identity through the <see cref="PlacementTable"/>, and starts them when they are placed, not when somebody asks: a channel must run
/// although no message comes. Each kind has a supervisor of its own, under which its actors live.
/// </summary>
/// <param name="supervisors">Kinds with their supervisors' props, those first that others need.</param>
internal sealed class PlacementLookup(IReadOnlyList<(string Kind, Props Props)> supervisors) : IIdentityLookup
{
    private readonly ConcurrentDictionary<ClusterIdentity, PID> _placed = new();
    private readonly List<(string Kind, PID Pid)> _supervisors = [];
    private Cluster? _cluster;

    /// <inheritdoc/>
    public Task SetupAsync(Cluster cluster, string[] kinds, bool isClient)
    {
        _cluster = cluster;
        foreach (var (kind, props) in supervisors)
            _supervisors.Add((kind, cluster.System.Root.SpawnNamed(props, $"placed-{kind}")));
        return Task.CompletedTask;
    }

    /// <summary>Starts every actor of the table, in its order. Completes when all of them have begun.</summary>
    public async Task ApplyAsync(PlacementTable table)
    {
        foreach (var identity in table.Identities)
        {
            var supervisor = _supervisors.First(s => s.Kind == identity.Kind).Pid;
            var started = await _cluster!.System.Root.RequestAsync<PlacedStarted>(supervisor, new StartPlaced(identity, _cluster.GetClusterKind(identity.Kind).Props));
            _placed[identity] = started.Pid;
        }
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

    /// <summary>Stops the kinds one after the other, the last of the table's first: channels before the modules and the intake that they use.</summary>
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
