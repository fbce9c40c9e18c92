using Proto;
using Proto.Cluster;
using Proto.Cluster.PartitionActivator;
using Proto.Remote;
using Proto.Remote.GrpcNet;
using ProtoCluster = Proto.Cluster.Cluster;

namespace Edge.Bench.Grains;

/// <summary>A node of Proto.Cluster with its own partition lookup and its own server; who is a member is told to it, so that no discovery is measured.</summary>
internal sealed class ProtoGrains : IGrainSystem
{
    private const int Attempts = 20;

    private readonly int _port;
    private readonly int _otherPort;
    private readonly Members _members = new();
    private readonly ActorSystem _system = new(ActorSystemConfig.Setup());
    private ClusterIdentity[] _local = [];
    private ClusterIdentity[] _remote = [];

    public ProtoGrains(int port, int otherPort)
    {
        (_port, _otherPort) = (port, otherPort);
        _system
            .WithRemote(RemoteConfig.BindTo("127.0.0.1", port).WithProtoMessages(GrainsReflection.Descriptor))
            .WithCluster(ClusterConfig.Setup("bench", _members, new PartitionActivatorLookup()).WithClusterKind(EchoActor.Kind, EchoActor.Props));
    }

    public string Name => "Proto.Cluster 1.8.0";

    public string Member => _system.Id;

    /// <summary>Takes part, as one of two members.</summary>
    public Task JoinAsync(string other)
    {
        _members.List = [MemberOf(_system.Id, _port), MemberOf(other, _otherPort)];
        return _system.Cluster().StartMemberAsync();
    }

    /// <summary>Finds actors that the partition puts here and there.</summary>
    public async Task FindAsync()
    {
        var (local, remote) = (new List<ClusterIdentity>(), new List<ClusterIdentity>());
        for (var i = 0; local.Count < GrainLoad.Actors || remote.Count < GrainLoad.Actors; i++)
        {
            var identity = ClusterIdentity.Create($"g{i}", EchoActor.Kind);
            // A cold process takes longer than its lookup waits for one answer.
            PID? pid = null;
            for (var attempt = 0; pid is null; attempt++)
            {
                if (attempt == Attempts) throw new BenchException($"Proto.Cluster does not find actor {identity}.");
                pid = await _system.Cluster().GetAsync(identity, CancellationToken.None);
            }
            var side = pid.Address == _system.Address ? local : remote;
            if (side.Count < GrainLoad.Actors) side.Add(identity);
        }
        (_local, _remote) = ([.. local], [.. remote]);
    }

    public Task<long> AskLocalAsync(int actor, long number) => AskAsync(_local[actor], number);

    public Task<long> AskRemoteAsync(int actor, long number) => AskAsync(_remote[actor], number);

    public async ValueTask DisposeAsync()
    {
        await _system.Remote().ShutdownAsync(graceful: false);
        await _system.ShutdownAsync("The benchmark is over.");
    }

    private async Task<long> AskAsync(ClusterIdentity actor, long number) =>
        (await _system.Cluster().RequestAsync<GrainAnswer>(actor, EchoActor.Ask(number), CancellationToken.None)).Number;

    private static Member MemberOf(string id, int port) => new() { Id = id, Host = "127.0.0.1", Port = port, Kinds = { EchoActor.Kind } };

    private sealed class Members : IClusterProvider
    {
        public IReadOnlyCollection<Member> List { get; set; } = [];

        public Task StartMemberAsync(ProtoCluster cluster)
        {
            cluster.MemberList.UpdateClusterTopology(List);
            return Task.CompletedTask;
        }

        public Task StartClientAsync(ProtoCluster cluster) => throw new NotSupportedException();

        public Task ShutdownAsync(bool graceful) => Task.CompletedTask;
    }
}
