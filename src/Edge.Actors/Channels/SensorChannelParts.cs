using Edge.Actors.Diagnostics;
using Edge.Actors.Intake;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Channels;

/// <summary>What all channels of a node share.</summary>
/// <param name="Site">What is declared.</param>
/// <param name="Node">The node whose intake and modules they use.</param>
/// <param name="Log">The node's intake log: outputs leave only after their readings are on stable storage.</param>
/// <param name="Store">Durable state.</param>
/// <param name="Sink">Where outputs go.</param>
/// <param name="Board">Where they show how they do.</param>
/// <param name="Run">Names this run of the node.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Their log.</param>
internal sealed record SensorChannelParts(
    SiteManifest Site, string Node, IIntakeLog Log, IChannelStore Store, IMessageSink Sink, StatusBoard Board, string Run, TimeProvider Time, ILogger Logger);
