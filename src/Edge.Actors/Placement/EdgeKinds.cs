using Edge.Messages.Channels;
using Proto.Cluster;

namespace Edge.Actors.Placement;

/// <summary>Kinds of actors that are found by cluster identity.</summary>
internal static class EdgeKinds
{
    /// <summary>One per node: answers pulls from its intake log. Identity: the node's name.</summary>
    public const string Intake = "intake";

    /// <summary>One per node: hosts its modules. Identity: the node's name.</summary>
    public const string Modules = "modules";

    /// <summary>One per channel. Identity: <c>tenant/name</c>.</summary>
    public const string Channel = "channel";

    /// <summary>The intake of a node.</summary>
    public static ClusterIdentity IntakeOf(string node) => ClusterIdentity.Create(node, Intake);

    /// <summary>The modules of a node.</summary>
    public static ClusterIdentity ModulesOf(string node) => ClusterIdentity.Create(node, Modules);

    /// <summary>A channel's actor.</summary>
    public static ClusterIdentity Of(ChannelId channel) => ClusterIdentity.Create(channel.ToString(), Channel);
}
