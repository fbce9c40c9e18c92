namespace Edge.Actors.Channels.Payloads;

/// <summary>Samples of one reading or one block; grows and is reused, so the hot path does not allocate.</summary>
internal sealed class SampleBuffer
{
    private double[] _samples = new double[64];

    /// <summary>Samples held.</summary>
    public int Count { get; private set; }

    /// <summary>The samples.</summary>
    public Span<double> Span => _samples.AsSpan(0, Count);

    /// <summary>Adds one.</summary>
    public void Add(double sample)
    {
        if (Count == _samples.Length) Array.Resize(ref _samples, Count * 2);
        _samples[Count++] = sample;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;
}
