using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>Reads from a placement whether its owner is asked to stop the actor, finish its writes, hand over its state and report it released. Once it has begun to stop it does so to the end, also if the request is withdrawn.</summary>
public static class StopRequest
{
    /// <summary>Whether the owner is asked to stop: another node comes next, or none.</summary>
    public static bool IsIn(Placement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return placement.MovingTo.Length > 0 || placement.Stopping;
    }
}
