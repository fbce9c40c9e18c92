namespace Edge.Node.Demo;

/// <summary>
/// What a subscriber learns of a failover: the time from the owner's death to the first output of the next owner, the longest silence, and beats that came under two ids. A second copy of an output has
/// the id of the first and is dropped, as any application would do. Grows by some 100 bytes a beat. Thread-safe.
/// </summary>
internal sealed class FailoverTally(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<long> _beats = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TimeSpan> _failover = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _killedAt;
    private long _lastOutputAt;
    private bool _succeeded;

    /// <summary>Completes at the first output of all.</summary>
    public Task First => _first.Task;

    /// <summary>Completes at the first output of the new owner, with the time since the death of the old one.</summary>
    public Task<TimeSpan> Failover => _failover.Task;

    /// <summary>Beats whose time came under a second id.</summary>
    public long Twice { get; private set; }

    /// <summary>Longest time without an output since the owner died.</summary>
    public TimeSpan Silence { get; private set; }

    /// <summary>An output came.</summary>
    /// <param name="topic">On which topic.</param>
    /// <param name="id">Its <c>edge-id</c>; empty if it has none.</param>
    /// <param name="output">What it says.</param>
    public void Output(string topic, string id, PortOutput output)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_killedAt is { } killedAt)
            {
                var silent = time.GetElapsedTime(_lastOutputAt, now);
                if (silent > Silence) Silence = silent;
                if (_succeeded) _failover.TrySetResult(time.GetElapsedTime(killedAt, now));
            }

            _lastOutputAt = now;
            if (topic == DemoTopics.Beats && (id.Length == 0 || _ids.Add(id)) && !_beats.Add(output.TimeUs)) Twice++;
        }

        _first.TrySetResult();
    }

    /// <summary>The owner is killed now.</summary>
    public void Killed()
    {
        lock (_lock) _killedAt = time.GetTimestamp();
    }

    /// <summary>The book names another owner: what the dead one sent was here long before, because its lease had to expire first.</summary>
    public void Succeeded()
    {
        lock (_lock) _succeeded = true;
    }
}
