namespace Edge.Node.Demo;

/// <summary>Beats as the module reports them; a beat's time tells a second copy of it from a new beat. Not thread-safe.</summary>
internal sealed class BeatTracker
{
    private long _lastTimeUs = long.MinValue;

    /// <summary>Beats so far.</summary>
    public long Beats { get; private set; }

    /// <summary>Beats a minute, 0 until the module knows.</summary>
    public double Rate { get; private set; }

    /// <summary>What the module says of the rhythm; null until it says something.</summary>
    public Rhythm? Rhythm { get; private set; }

    /// <summary>A message of the port <c>beats</c>.</summary>
    public void Beat(PortOutput output)
    {
        if (output.TimeUs <= _lastTimeUs) return;
        _lastTimeUs = output.TimeUs;
        Beats++;
        if (output.Values is [var rate, ..] && rate > 0) Rate = rate;
    }

    /// <summary>A message of the port <c>rhythm</c>.</summary>
    public void Flag(PortOutput output)
    {
        if (output.Values is [var flag, ..]) Rhythm = (Rhythm)(int)flag;
    }
}

/// <summary>The flag of the module's port <c>rhythm</c>.</summary>
internal enum Rhythm
{
    /// <summary>Even intervals.</summary>
    Regular = 0,

    /// <summary>Uneven intervals.</summary>
    Irregular = 1,

    /// <summary>Below 50 beats a minute.</summary>
    Slow = 2,

    /// <summary>Above 120 beats a minute.</summary>
    Fast = 3,
}
