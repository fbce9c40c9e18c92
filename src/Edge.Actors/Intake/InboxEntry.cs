using Edge.Messages.Intake;

namespace Edge.Actors.Intake;

/// <summary>A reading with its place among the logged ones of the node that took it in.</summary>
/// <param name="Log">The intake log, by its node's name.</param>
/// <param name="Place">For QoS 1 and 2 its own intake sequence; for QoS 0 the last sequence that was given out before it came.</param>
/// <param name="Reading">The reading.</param>
public readonly record struct InboxEntry(string Log, long Place, Reading Reading)
{
    /// <summary>Whether the intake log holds it.</summary>
    public bool Logged => Reading.Qos > 0;
}
