namespace Edge.Actors.Intake;

/// <summary>
/// Back-pressure with hysteresis: from <see cref="High"/> of the log's byte cap on, callers wait until trimming brought it below <see cref="Low"/>.
/// Thread-safe.
/// </summary>
internal sealed class IntakeGauge
{
    /// <summary>Share of the cap at which sockets are no longer read.</summary>
    public const double High = 0.8;

    /// <summary>Share of the cap below which they are read again.</summary>
    public const double Low = 0.7;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;

    /// <summary>Whether callers wait.</summary>
    public bool Closed => Volatile.Read(ref _room) is not null;

    /// <summary>Tells how full the log is.</summary>
    public void Report(double fill)
    {
        TaskCompletionSource? opened = null;
        lock (_gate)
        {
            if (fill >= High) _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            else if (fill < Low) (opened, _room) = (_room, null);
        }

        opened?.SetResult();
    }

    /// <summary>Completes when there is room.</summary>
    public ValueTask RoomAsync(CancellationToken cancellation) =>
        Volatile.Read(ref _room) is { } room ? new(room.Task.WaitAsync(cancellation)) : ValueTask.CompletedTask;
}
