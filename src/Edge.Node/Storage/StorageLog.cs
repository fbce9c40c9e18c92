namespace Edge.Node.Storage;

/// <summary>What the storage room tells people. Event ids 4000–4099.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(4000, LogLevel.Error, "{Damage}")]
    public static partial void IntakeDamaged(this ILogger logger, IntakeDamage damage);

    [LoggerMessage(4001, LogLevel.Warning, "Intake log {Folder} ended in a record that a crash cut short, at offset {Offset} of its last segment; it was never acknowledged and is dropped")]
    public static partial void IntakeTailTorn(this ILogger logger, string folder, long offset);

    [LoggerMessage(4002, LogLevel.Warning, "Intake log {Folder} was not closed in order: next sequence {Next} after {Last}, so that no sequence is given out twice")]
    public static partial void IntakeRecovered(this ILogger logger, string folder, long last, long next);

    [LoggerMessage(4003, LogLevel.Error, "Intake log {Folder}: its mark is damaged; the trim point is taken from the segments")]
    public static partial void IntakeMarkDamaged(this ILogger logger, string folder);

    [LoggerMessage(4004, LogLevel.Warning, "Intake log refuses readings: {Reason}")]
    public static partial void IntakeRefuses(this ILogger logger, string reason);

    [LoggerMessage(4005, LogLevel.Warning, "Intake log {Folder} takes readings again")]
    public static partial void IntakeTakesAgain(this ILogger logger, string folder);

    [LoggerMessage(4010, LogLevel.Error, "{Damage}")]
    public static partial void StateDamaged(this ILogger logger, string damage);

    [LoggerMessage(4006, LogLevel.Critical, "Intake log failed: {Reason}")]
    public static partial void IntakeFailed(this ILogger logger, string reason, Exception error);
}
