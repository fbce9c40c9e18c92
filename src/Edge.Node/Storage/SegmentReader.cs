using Microsoft.Win32.SafeHandles;

namespace Edge.Node.Storage;

/// <summary>What <see cref="SegmentReader.Next"/> found.</summary>
internal enum SegmentItem
{
    /// <summary>No intact record follows.</summary>
    End,

    /// <summary>An intact record.</summary>
    Record,

    /// <summary>Bytes that are no record, with an intact record behind them.</summary>
    Damage,
}

/// <summary>
/// Reads a segment forwards. Where a record fails its checksum it looks at every following byte for the next intact one, so that damage costs
/// exactly the records that it touches. Unreadable sectors count as damage. Not thread-safe; holds one buffer, given back by <see cref="Dispose"/>.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly SegmentWindow _window;
    private readonly uint _seed;
    private readonly long _highest;
    private readonly long _end;
    private long _previous;

    /// <param name="file">The segment file.</param>
    /// <param name="name">Its name, which seeds the checksums.</param>
    /// <param name="start">Offset of the first record to read.</param>
    /// <param name="end">Where to stop.</param>
    /// <param name="previous">A sequence that every record here is above.</param>
    /// <param name="highest">A sequence that no record here is above.</param>
    public SegmentReader(SafeFileHandle file, SegmentName name, long start, long end, long previous, long highest = long.MaxValue)
    {
        _window = new SegmentWindow(file, end);
        _seed = name.Seed;
        (Offset, _end, _previous, _highest) = (start, end, previous, highest);
    }

    /// <summary>Where the item found last starts.</summary>
    public long ItemOffset { get; private set; }

    /// <summary>Where the item found last ends, and the next one starts.</summary>
    public long Offset { get; private set; }

    /// <summary>Sequence of the last record.</summary>
    public long Sequence => _previous;

    /// <summary>After damage: sequence of the intact record behind it.</summary>
    public long NextSequence => IntakeRecord.Sequence(_window.At(Offset, IntakeRecord.HeaderBytes));

    /// <summary>Payload of the last record; valid until the next call.</summary>
    public ReadOnlySpan<byte> Payload => _window.At(ItemOffset, (int)(Offset - ItemOffset))[IntakeRecord.HeaderBytes..];

    /// <summary>Goes to the next item.</summary>
    public SegmentItem Next()
    {
        ItemOffset = Offset;
        if (RecordBytesAt(Offset) is var bytes and > 0)
        {
            _previous = IntakeRecord.Sequence(_window.At(Offset, IntakeRecord.HeaderBytes));
            Offset += bytes;
            return SegmentItem.Record;
        }
        var next = FindRecord(Offset + 1);
        if (next < 0)
            return SegmentItem.End;
        Offset = next;
        return SegmentItem.Damage;
    }

    /// <summary>Whether the bytes at the end look like a record that a crash cut short, as opposed to free space.</summary>
    public bool EndIsTorn()
    {
        var header = _window.At(Offset, IntakeRecord.HeaderBytes);
        return header.Length == IntakeRecord.HeaderBytes && IsPlausible(header, Offset);
    }

    /// <inheritdoc />
    public void Dispose() => _window.Dispose();

    private long FindRecord(long offset)
    {
        while (offset + IntakeRecord.HeaderBytes < _end)
        {
            if (RecordBytesAt(offset) > 0)
                return offset;
            offset = _window.SkipZeros(offset + 1);
        }
        return -1;
    }

    private int RecordBytesAt(long offset)
    {
        var header = _window.At(offset, IntakeRecord.HeaderBytes);
        if (header.Length < IntakeRecord.HeaderBytes || !IsPlausible(header, offset))
            return 0;
        var bytes = IntakeRecord.HeaderBytes + IntakeRecord.PayloadBytes(header);
        return IntakeRecord.IsIntact(_window.At(offset, bytes), _seed) ? bytes : 0;
    }

    // Cheap, and wrong for nearly every offset that is not a record's: the checksum is only computed after it.
    private bool IsPlausible(ReadOnlySpan<byte> header, long offset)
    {
        var payload = IntakeRecord.PayloadBytes(header);
        var sequence = IntakeRecord.Sequence(header);
        return payload >= 0 && payload <= _end - offset - IntakeRecord.HeaderBytes && sequence > _previous && sequence <= _highest;
    }
}
