using Edge.Actors.Diagnostics;
using Edge.Actors.Intake;
using Edge.Actors.Placement;
using Edge.Cluster.Transport;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Channels;

/// <summary>What all channels of a node share.</summary>
/// <param name="Site">What is declared, and who owns it.</param>
/// <param name="Node">The node whose intake and modules they use.</param>
/// <param name="Log">The node's intake log: outputs leave only after their readings are on stable storage.</param>
/// <param name="Store">Durable state.</param>
/// <param name="Sink">Where outputs go.</param>
/// <param name="Board">Where they show how they do.</param>
/// <param name="Runs">Names this run of the node, and each pipeline in it.</param>
/// <param name="Peers">The way to other nodes; null on a node on its own.</param>
/// <param name="CopyEvery">Shortest time between two copies of a channel's state.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Their log.</param>
internal sealed record SensorChannelParts(
    RunningSite Site, string Node, IIntakeLog Log, IChannelStore Store, IMessageSink Sink, StatusBoard Board, RunNames Runs,
    ChannelPeers? Peers, TimeSpan CopyEvery, TimeProvider Time, ILogger Logger);
