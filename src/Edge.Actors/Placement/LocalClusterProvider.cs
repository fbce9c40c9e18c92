using Proto.Cluster;

namespace Edge.Actors.Placement;

/// <summary>
/// Membership of a node on its own: the member list holds itself, always. The seam through which the site's leases will decide who is a member (Proto's own providers have
/// no quorum: a node that was cut off would go on driving its actuators).
/// </summary>
internal sealed class LocalClusterProvider : IClusterProvider
{
    /// <inheritdoc/>
    public Task StartMemberAsync(Proto.Cluster.Cluster cluster)
    {
        var (host, port) = cluster.System.GetAddress();
        var self = new Member { Id = cluster.System.Id, Host = host, Port = port };
        self.Kinds.AddRange(cluster.GetClusterKinds());
        cluster.MemberList.UpdateClusterTopology([self]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartClientAsync(Proto.Cluster.Cluster cluster) => throw new NotSupportedException("A node on its own has no clients.");

    /// <inheritdoc/>
    public Task ShutdownAsync(bool graceful) => Task.CompletedTask;
}
