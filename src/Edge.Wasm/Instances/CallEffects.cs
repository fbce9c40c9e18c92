namespace Edge.Wasm.Instances;

/// <summary>A slice of <see cref="CallEffects"/>' own buffer.</summary>
public readonly record struct EffectBytes(int Offset, int Length);

/// <summary>The guest's <c>emit</c>: bytes for a port, mapped to a topic by the channel.</summary>
/// <param name="Port">Index into the module manifest's <c>ports</c>.</param>
/// <param name="TimeUs">UTC microseconds that the guest gave the output, 0 for "the time of the input".</param>
/// <param name="Payload">The bytes.</param>
public readonly record struct EmitEffect(int Port, long TimeUs, EffectBytes Payload);

/// <summary>The guest's <c>publish</c> to a granted topic of its tenant.</summary>
public readonly record struct PublishEffect(EffectBytes Topic, EffectBytes Payload, byte Qos, bool Retain);

/// <summary>The guest's <c>kv_put</c>; <see cref="Deleted"/> when the value was put with length -1.</summary>
public readonly record struct KvEffect(EffectBytes Key, EffectBytes Value, bool Deleted);

/// <summary>The guest's <c>gpio_write</c>; <see cref="Line"/> indexes the instance's granted lines.</summary>
public readonly record struct GpioEffect(int Line, bool High);

/// <summary>The guest's <c>metric</c>.</summary>
public readonly record struct MetricEffect(EffectBytes Name, double Value);

/// <summary>
/// What the guest did during the last call that succeeded: buffered, so that nothing of a failed call takes effect. Owned and
/// reused by its <see cref="ModuleInstance"/>; valid until the next call. Nothing here allocates once its buffers have grown.
/// </summary>
public sealed class CallEffects
{
    private byte[] _bytes = new byte[256];
    private int _used;

    /// <summary>Emits in the guest's order.</summary>
    public List<EmitEffect> Emits { get; } = [];

    /// <summary>Publishes in the guest's order.</summary>
    public List<PublishEffect> Publishes { get; } = [];

    /// <summary>Key-value writes in the guest's order.</summary>
    public List<KvEffect> KvWrites { get; } = [];

    /// <summary>GPIO writes in the guest's order.</summary>
    public List<GpioEffect> GpioWrites { get; } = [];

    /// <summary>Metrics in the guest's order.</summary>
    public List<MetricEffect> Metrics { get; } = [];

    /// <summary>Bytes buffered so far, checked against <see cref="Limits.ModuleLimits.OutputMaxBytes"/>.</summary>
    public int ByteCount => _used;

    /// <summary>Effects buffered so far.</summary>
    public int Count => Emits.Count + Publishes.Count + KvWrites.Count + GpioWrites.Count + Metrics.Count;

    /// <summary>The bytes of a slice; valid until the next call.</summary>
    public ReadOnlySpan<byte> Span(EffectBytes slice) => _bytes.AsSpan(slice.Offset, slice.Length);

    /// <summary>The bytes of a slice as memory; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Memory(EffectBytes slice) => _bytes.AsMemory(slice.Offset, slice.Length);

    internal EffectBytes Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _used < bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)_used + bytes.Length)));
        bytes.CopyTo(_bytes.AsSpan(_used));
        var slice = new EffectBytes(_used, bytes.Length);
        _used += bytes.Length;
        return slice;
    }

    internal void Clear()
    {
        // Nearly every call of nearly every module finds nothing to forget.
        if ((_used | Emits.Count | Publishes.Count | KvWrites.Count | GpioWrites.Count | Metrics.Count) == 0) return;
        _used = 0;
        Emits.Clear();
        Publishes.Clear();
        KvWrites.Clear();
        GpioWrites.Clear();
        Metrics.Clear();
    }
}
