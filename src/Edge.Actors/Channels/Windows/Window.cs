using Edge.Actors.Channels.Payloads;
using Edge.Messages.Channels;
using Edge.Wasm.Instances;

namespace Edge.Actors.Channels.Windows;

/// <summary>
/// Gathers samples into blocks, by count or by the samples' own time aligned to the epoch. Pure and deterministic: the same samples give the same blocks however
/// they were split over readings, and again after a restore from <see cref="Save"/>. A gap ends the open block early, so that within a block
/// every sample follows the one before it.
/// </summary>
/// <param name="spec">By count or by time.</param>
/// <param name="rateHz">Samples per second; 0 if irregular.</param>
/// <param name="seesGaps">Whether times come from the producer, so that missing samples show in them.</param>
internal sealed class Window(BlockSpec spec, double rateHz, bool seesGaps)
{
    /// <summary>Most samples in a block (guests/ABI.md §3); a block by time is cut there.</summary>
    public const int SamplesMax = 65_536;

    // A time may be off by one and a half sample before it counts as one that is missing: clocks of devices round.
    private const double GapPeriods = 2.5;

    // Of the saved flags only: a gap that lies before the next sample, while a block is open.
    private const uint GapAhead = 0x8000_0000;

    private readonly long _everyUs = spec.Every is { } every ? (long)every.TotalMicroseconds : 0;
    private readonly int _count = spec.Every is null ? Math.Clamp(spec.Count, 1, SamplesMax) : SamplesMax;
    private SampleBuffer _open = new();
    private SampleBuffer _closed = new();
    private long _timeUs;
    private long _first;
    private long? _newestUs;
    private BlockFlags _flags = BlockFlags.Reset;
    private bool _gap;

    /// <summary>Samples of the block that <see cref="Push"/> closed; valid until the next push.</summary>
    public ReadOnlySpan<double> Closed => _closed.Span;

    /// <summary>Adds a sample. True when that closed a block, whose header is <paramref name="header"/> and whose samples are <see cref="Closed"/>.</summary>
    public bool Push(double sample, long timeUs, SampleType type, out BlockHeader header)
    {
        if (Missing(timeUs)) _gap = true;
        var before = _open.Count > 0 && (_gap || Crosses(timeUs));
        header = before ? Close(type) : default;
        if (_gap)
        {
            _flags |= BlockFlags.Gap;
            _gap = false;
        }

        if (_open.Count == 0) _timeUs = timeUs;
        _open.Add(sample);
        _newestUs = timeUs;
        if (before || _open.Count < _count) return before;
        header = Close(type);
        return true;
    }

    /// <summary>Says that samples are missing before the next one.</summary>
    public void MarkGap() => _gap |= _newestUs is not null;

    /// <summary>Says that the guest behind the next block has no history.</summary>
    public void MarkReset() => _flags |= BlockFlags.Reset;

    /// <summary>The open block, for the key's state.</summary>
    public OpenBlock Save()
    {
        var block = new OpenBlock { TimeUs = _timeUs, Flags = (uint)_flags | (_gap ? GapAhead : 0), Sequence = _first };
        if (_newestUs is { } newest) block.NewestUs = newest;
        block.Samples.Capacity = _open.Count;
        foreach (var sample in _open.Span) block.Samples.Add(sample);
        return block;
    }

    /// <summary>Goes on from a saved block; null begins a new stream.</summary>
    public void Load(OpenBlock? saved)
    {
        _open.Clear();
        (_timeUs, _first, _newestUs, _flags, _gap) = (0, 0, null, BlockFlags.Reset, false);
        if (saved is null) return;
        foreach (var sample in saved.Samples) _open.Add(sample);
        (_timeUs, _first) = (saved.TimeUs, saved.Sequence);
        _flags = (BlockFlags)(saved.Flags & ~GapAhead);
        _gap = (saved.Flags & GapAhead) != 0;
        _newestUs = saved.HasNewestUs ? saved.NewestUs : null;
    }

    private bool Missing(long timeUs) =>
        seesGaps && rateHz > 0 && _newestUs is { } newest && timeUs - newest > GapPeriods * 1e6 / rateHz;

    // A sample from before the open block (within the late tolerance) joins it: blocks only go forward.
    private bool Crosses(long timeUs) => _everyUs > 0 && Index(timeUs) > Index(_timeUs);

    private long Index(long timeUs) => Math.DivRem(timeUs, _everyUs) is var (index, rest) && rest < 0 ? index - 1 : index;

    private BlockHeader Close(SampleType type)
    {
        (_open, _closed) = (_closed, _open);
        _open.Clear();
        var header = new BlockHeader(_timeUs, rateHz, type, _flags, _first);
        _first += _closed.Count;
        _flags = BlockFlags.None;
        return header;
    }
}
