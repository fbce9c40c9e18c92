namespace Edge.Node.Demo;

/// <summary>The last seconds of a signal, for drawing. Not thread-safe.</summary>
/// <param name="capacity">Samples kept.</param>
internal sealed class SignalTrace(int capacity)
{
    private readonly double[] _ring = new double[capacity];
    private long _count;

    /// <summary>Appends a sample; the oldest falls out.</summary>
    public void Add(double value) => _ring[_count++ % capacity] = value;

    /// <summary>The samples kept, oldest first.</summary>
    public double[] Snapshot()
    {
        var kept = (int)Math.Min(_count, capacity);
        var samples = new double[kept];
        for (var i = 0; i < kept; i++) samples[i] = _ring[(_count - kept + i) % capacity];
        return samples;
    }
}
