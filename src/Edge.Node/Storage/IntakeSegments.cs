using System.Collections.Immutable;
using Edge.Actors.Intake;

namespace Edge.Node.Storage;

/// <summary>
/// The segments of an intake log, oldest first. <see cref="Write"/> and <see cref="Roll"/> belong to the one writer thread; reading and trimming are
/// for any thread. Trimming and making spares happen in the background, one after the other.
/// </summary>
internal sealed class IntakeSegments : IDisposable
{
    private const int CeilingStep = 1 << 18;

    private readonly IntakeLogOptions _options;
    private readonly IntakeMarkFile _mark;
    private readonly SpareSegment _spare;
    private readonly Lock _folder = new();
    private readonly Lock _choreGate = new();
    private Task _chores = Task.CompletedTask;
    private ImmutableArray<IntakeSegment> _live;
    private long _trimmed;

    /// <param name="options">Sizes and folder.</param>
    /// <param name="mark">The log's mark.</param>
    /// <param name="recovered">What the folder holds.</param>
    public IntakeSegments(IntakeLogOptions options, IntakeMarkFile mark, RecoveredIntake recovered)
    {
        (_options, _mark, _trimmed) = (options, mark, mark.Mark.Trimmed);
        _live = [.. recovered.Segments];
        _spare = new SpareSegment(options.Folder, options.SegmentBytes);
        _spare.Recover();
        Last = recovered.Last;
        if (_live.IsEmpty)
        {
            _spare.Make(zeroFill: false);
            Roll();
        }
        else
        {
            Chore(ReleaseTrimmed);
            Chore(MakeSpare);
        }
    }

    /// <summary>A background step ended: room may have come back.</summary>
    public event Action? RoomMayBeBack;

    /// <summary>A reader met a place in a segment that was good when the log was opened.</summary>
    public event Action<IntakeSegment, SegmentGap>? GapFound;

    /// <summary>Sequence of the last record on stable storage.</summary>
    public long Last { get; private set; }

    /// <summary>Sequence of the first record still held, or the one after the last.</summary>
    public long First => Math.Max(Volatile.Read(ref _trimmed), _live[0].Name.After) + 1;

    /// <summary>Share of the room for records that is in use; at 1 the next segment would pass the cap.</summary>
    public double Fill
    {
        get
        {
            var live = _live;
            var usable = _options.CapBytes / _options.SegmentBytes * _options.SegmentBytes;
            return Math.Min(1, (live.Take(live.Length - 1).Sum(segment => segment.Capacity) + live[^1].End) / (double)usable);
        }
    }

    /// <summary>Bytes of all segment files and the spare.</summary>
    public long Bytes => _live.Sum(segment => segment.Capacity) + (_spare.Exists ? _options.SegmentBytes : 0);

    /// <summary>Writes whole records, over as many segments as they need; on stable storage when this returns.</summary>
    /// <exception cref="IOException">Records up to <see cref="Last"/> are safe; the rest is not.</exception>
    public void Write(Span<byte> records, long lastSequence)
    {
        if (lastSequence > _mark.Mark.Ceiling)
            _mark.Save(mark => mark with { Ceiling = lastSequence + CeilingStep });
        while (!records.IsEmpty)
        {
            var fits = WholeRecordsWithin(records, _live[^1].Capacity - _live[^1].End);
            if (fits > 0)
            {
                _live[^1].Write(records[..fits]);
                Last = _live[^1].Last;
                records = records[fits..];
            }
            if (!records.IsEmpty)
                Roll();
        }
    }

    /// <summary>Begins a new segment.</summary>
    /// <exception cref="IntakeUnavailableException">The cap is reached.</exception>
    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    public void Roll()
    {
        lock (_folder)
        {
            if (LiveBytes + _options.SegmentBytes > _options.CapBytes)
                throw new IntakeUnavailableException(
                    $"Intake log refuses readings: {_options.Folder} holds {LiveBytes >> 10} KiB in {_live.Length} segments; its cap is {_options.CapBytes >> 10} KiB. "
                    + "Channels must commit and trim before it takes more: look for a channel that stands still (/api/v1/status), or raise the cap.");
            _spare.Make();
            var name = SegmentName.New(Last);
            _spare.Become(name);
            _live = _live.Add(new IntakeSegment(_options.Folder, name));
        }
        Chore(MakeSpare);
    }

    /// <summary>Adds readings after a sequence to a list, up to <paramref name="max"/> in it.</summary>
    public void Read(long after, int max, List<LoggedReading> into)
    {
        var live = _live;
        for (var i = SegmentHolding(live, after + 1); i < live.Length && into.Count < max; i++)
            foreach (var gap in live[i].Read(after, max, into))
                GapFound?.Invoke(live[i], gap);
    }

    /// <summary>Lets go of everything up to a sequence; files are released in the background.</summary>
    public void Trim(long sequence)
    {
        var before = Volatile.Read(ref _trimmed);
        while (sequence > before)
        {
            var seen = Interlocked.CompareExchange(ref _trimmed, sequence, before);
            if (seen == before)
            {
                if (_live is [var oldest, _, ..] && oldest.Last <= sequence)
                    Chore(ReleaseTrimmed);
                return;
            }
            before = seen;
        }
    }

    /// <summary>Notes an orderly end and closes the files.</summary>
    /// <param name="ceiling">The last sequence ever given out.</param>
    /// <param name="inOrder">False after a failed sync: what the disk holds is unknown.</param>
    public void Close(long ceiling, bool inOrder)
    {
        lock (_choreGate)
            _chores.Wait();
        if (inOrder)
            _mark.Save(_ => new IntakeMark(Math.Min(_trimmed, Last), ceiling, Last));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var segment in _live)
            segment.Dispose();
        _mark.Dispose();
    }

    private long LiveBytes => _live.Sum(segment => segment.Capacity);

    private static int WholeRecordsWithin(ReadOnlySpan<byte> records, long room)
    {
        if (records.Length <= room)
            return records.Length;
        var at = 0;
        while (at < records.Length && IntakeRecord.HeaderBytes + IntakeRecord.PayloadBytes(records[at..]) is var bytes && at + bytes <= room)
            at += bytes;
        return at;
    }

    private static int SegmentHolding(ImmutableArray<IntakeSegment> live, long sequence)
    {
        var i = live.Length - 1;
        while (i > 0 && live[i].Name.After >= sequence)
            i--;
        return i;
    }

    private void ReleaseTrimmed()
    {
        _mark.Save(mark => mark with { Trimmed = Math.Min(Volatile.Read(ref _trimmed), Last) });
        var trimmed = _mark.Mark.Trimmed;
        lock (_folder)
        {
            while (_live is [var oldest, _, ..] && oldest.Last <= trimmed)
            {
                _live = _live.RemoveAt(0);
                _spare.Recycle(oldest);
            }
        }
    }

    private void MakeSpare()
    {
        lock (_folder)
        {
            if (LiveBytes + _options.SegmentBytes <= _options.CapBytes)
                _spare.Make();
        }
    }

    private void Chore(Action step)
    {
        lock (_choreGate)
            _chores = _chores.ContinueWith(_ => Do(step), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Do(Action step)
    {
        try
        {
            step();
        }
        catch (IOException)
        {
            // No spare now, or a file that stays: the writer meets the same error when it needs the room, and reports it.
        }
        RoomMayBeBack?.Invoke();
    }
}
