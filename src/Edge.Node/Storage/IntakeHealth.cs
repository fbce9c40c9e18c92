namespace Edge.Node.Storage;

/// <summary>Whether the intake log takes readings.</summary>
public enum IntakeState
{
    /// <summary>It does.</summary>
    Open,

    /// <summary>Not now: the cap is reached or the disk is full. It goes on by itself once there is room.</summary>
    OutOfRoom,

    /// <summary>Not until the node is restarted: a sync or a write failed, and what the disk holds is unknown.</summary>
    Failed,
}

/// <summary>The intake log as readiness and people see it.</summary>
/// <param name="State">Whether it takes readings.</param>
/// <param name="Problem">Why not and what to do; null when it does.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="CapBytes">Most bytes that it may have.</param>
/// <param name="Damage">Readings that the disk lost, as found since the log was opened.</param>
public sealed record IntakeHealth(IntakeState State, string? Problem, long Bytes, long CapBytes, IReadOnlyList<IntakeDamage> Damage);
