using Proto;
using Proto.Remote;

namespace Edge.Actors.Placement;

/// <summary>
/// The remote of a node on its own: Proto.Cluster wants one, and this opens no port and loads no web server. A site will put the real one in its place.
/// </summary>
internal sealed class NoRemote : IRemote
{
    /// <summary>Registers itself, and the serializers that Proto.Cluster adds its contracts to.</summary>
    public NoRemote(ActorSystem system)
    {
        System = system;
        BlockList = new(system);
        system.Extensions.Register(this);
        system.Extensions.Register(new Serialization());
    }

    /// <inheritdoc/>
    public RemoteConfig Config => throw new NotSupportedException("This node has no remote.");

    /// <inheritdoc/>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public bool Started { get; private set; }

    /// <inheritdoc/>
    public BlockList BlockList { get; }

    /// <inheritdoc/>
    public Task StartAsync()
    {
        Started = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ShutdownAsync(bool graceful = true)
    {
        Started = false;
        return Task.CompletedTask;
    }
}
