using Edge.Messages.Channels;

namespace Edge.Actors.Channels;

/// <summary>How a channel does.</summary>
public enum ChannelState
{
    /// <summary>Its state is being loaded.</summary>
    Starting,

    /// <summary>All is well.</summary>
    Running,

    /// <summary>It works, but something needs attention: faults lately, or commits that fail.</summary>
    Degraded,

    /// <summary>It waits before it makes a new instance of its module; readings wait in its queue and in the intake log.</summary>
    BackingOff,

    /// <summary>It cannot run; readings of QoS 1 and 2 stay in the intake log.</summary>
    Failed,

    /// <summary>It was stopped; its state is committed unless the reason says otherwise.</summary>
    Stopped,
}

/// <summary>A channel as health checks see it.</summary>
/// <param name="Id">The channel.</param>
/// <param name="State">How it does.</param>
/// <param name="Reason">Why it is not running, or null.</param>
/// <param name="Position">What it has processed, in each intake log.</param>
/// <param name="Committed">What is in the state on stable storage.</param>
/// <param name="Lag">Readings that wait for it.</param>
/// <param name="LiveKeys">Keys with a live instance.</param>
/// <param name="Counts">What it did since the node started.</param>
public sealed record ChannelStatus(
    ChannelId Id, ChannelState State, string? Reason, Position Position, Position Committed, long Lag, int LiveKeys, ChannelCounts Counts);

/// <summary>What a channel did since the node started.</summary>
/// <param name="Readings">Readings taken from the intake.</param>
/// <param name="Blocks">Successful guest calls.</param>
/// <param name="Outputs">Messages handed to the broker.</param>
/// <param name="Dropped">Refused readings by reason.</param>
public sealed record ChannelCounts(long Readings, long Blocks, long Outputs, IReadOnlyDictionary<string, long> Dropped);
