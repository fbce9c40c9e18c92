namespace Edge.Wasm.HostFunctions;

/// <summary>A token bucket: <paramref name="perSecond"/> lines a second with a burst of as many, full at the beginning. 0 lets nothing pass.</summary>
internal sealed class LogRate(int perSecond, TimeProvider time)
{
    private double _tokens = perSecond;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Lines refused since the last call of <see cref="TakeDropped"/>.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes one token, or counts a dropped line.</summary>
    public bool TryPass()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(perSecond, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
        if (_tokens < 1)
        {
            Dropped++;
            return false;
        }
        _tokens--;
        return true;
    }

    /// <summary>The number of dropped lines, once.</summary>
    public long TakeDropped()
    {
        var dropped = Dropped;
        Dropped = 0;
        return dropped;
    }
}
