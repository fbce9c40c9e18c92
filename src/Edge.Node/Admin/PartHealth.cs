namespace Edge.Node.Admin;

/// <summary>How a part of the node does.</summary>
internal enum PartCondition
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>Works, or heals itself; the rest of the node is not affected.</summary>
    Degraded,

    /// <summary>Does not work, and will not by itself: a person must act.</summary>
    Failed,
}

/// <summary>A part of the node, as health checks name it.</summary>
/// <param name="Part">Such as <c>intake</c> or <c>channel default/boiler</c>.</param>
/// <param name="Condition">How it does.</param>
/// <param name="Reason">Why it is not ok, and what to do.</param>
internal sealed record PartHealth(string Part, PartCondition Condition, string? Reason);
