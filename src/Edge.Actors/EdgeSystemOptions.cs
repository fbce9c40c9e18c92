using System.Diagnostics.Metrics;
using Edge.Actors.Channels;
using Edge.Actors.Intake;
using Edge.Actors.Placement;
using Edge.Cluster.Mirroring;
using Edge.Cluster.Transport;
using Edge.Messages.Tenants;
using Edge.Wasm;
using Edge.Wasm.Capabilities;
using Microsoft.Extensions.Logging;

namespace Edge.Actors;

/// <summary>What an <see cref="EdgeSystem"/> is made of: the declared site and the parts of the node that touch the outside world.</summary>
public sealed record EdgeSystemOptions
{
    /// <summary>What is declared at the start. Already checked: every name in it resolves. <see cref="EdgeSystem.ApplyAsync"/> changes it.</summary>
    public required SiteManifest Site { get; init; }

    /// <summary>Who owns what at the start; null: this node owns everything, and there is no other.</summary>
    public PlacementTable? Placements { get; init; }

    /// <summary>The node's durable log of acknowledged readings. Owned by the caller, who closes it after <see cref="EdgeSystem.StopAsync"/>.</summary>
    public required IIntakeLog IntakeLog { get; init; }

    /// <summary>Durable channel state. Owned by the caller, like the log.</summary>
    public required IChannelStore ChannelStore { get; init; }

    /// <summary>Where outputs and dead letters go.</summary>
    public required IMessageSink Sink { get; init; }

    /// <summary>Makes the module host. Asked once, when the first module is loaded: a node without modules never loads Wasmtime. The system disposes it.</summary>
    public required Func<ModuleHost> ModuleHost { get; init; }

    /// <summary>Log lines of actors and guests.</summary>
    public required ILoggerFactory Logs { get; init; }

    /// <summary>Where the meter <c>Edge</c> is made.</summary>
    public required IMeterFactory Meters { get; init; }

    /// <summary>The way to other nodes: their readings are pulled, and copies of state sent, over it. Null: a node on its own. Owned by the caller, who ends it after the system.</summary>
    public ChannelPeers? Peers { get; init; }

    /// <summary>Copies of other nodes' intake logs on this node's disk, given to channels' owners while those nodes are away. Null: there are none. Owned by the caller.</summary>
    public IReplicas? Replicas { get; init; }

    /// <summary>Shortest time between two copies of one channel's state to its standby. Default 1 s; above 0. A copy is sent earlier after 10 000 readings.</summary>
    public TimeSpan CopyEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock. Default the machine's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The machine's GPIO lines; null: no line exists.</summary>
    public IGpioLines? Gpio { get; init; }

    /// <summary>A tenant's own root folder for <c>fs:</c> grants; null: no file grant can be used.</summary>
    public Func<TenantName, string>? FilesRoot { get; init; }

    /// <summary>This node's name: of its intake log in every position, and of its part in message ids. It stays the same for the life of the data folder. Default <c>local</c>.</summary>
    public string Node { get; init; } = "local";
}
