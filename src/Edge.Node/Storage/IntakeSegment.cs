using Edge.Actors.Intake;
using Edge.Messages.Intake;
using Microsoft.Win32.SafeHandles;

namespace Edge.Node.Storage;

/// <summary>
/// One segment file of the intake log. One thread writes; any thread may read what was synced. Ends by <see cref="Dispose"/>, after which reads
/// find nothing and the file may become a spare.
/// </summary>
internal sealed class IntakeSegment : IDisposable
{
    private const int IndexStepBytes = 32 << 10;

    private readonly SafeFileHandle _file;
    private readonly uint _seed;
    private readonly Lock _reading = new();
    private readonly SparseIndex _index = new(IndexStepBytes);
    private long _end;
    private long _last;
    private bool _released;

    /// <summary>Opens a segment file; empty as far as this object knows until <see cref="Know"/> was told its records.</summary>
    public IntakeSegment(string folder, SegmentName name)
    {
        Name = name;
        Path = System.IO.Path.Combine(folder, name.ToString());
        _seed = name.Seed;
        _last = name.After;
        _file = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        Capacity = RandomAccess.GetLength(_file);
    }

    /// <summary>The file's name.</summary>
    public SegmentName Name { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Size of the file.</summary>
    public long Capacity { get; }

    /// <summary>Offset behind the last synced record.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Sequence of the last synced record; <see cref="SegmentName.After"/> while there is none.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>A reader over this segment's file from an offset.</summary>
    public SegmentReader Reader(long start, long end, long previous, long highest = long.MaxValue) => new(_file, Name, start, end, previous, highest);

    /// <summary>Takes note of an intact record, in order.</summary>
    public void Know(long sequence, long offset, long end)
    {
        _index.Note(sequence, offset);
        Volatile.Write(ref _end, end);
        Volatile.Write(ref _last, sequence);
    }

    /// <summary>Writes whole records behind the last one, seals them with their checksums, and returns when they are on stable storage.</summary>
    /// <exception cref="IntakeSyncFailedException">The sync failed: what the disk holds is unknown from here on.</exception>
    /// <exception cref="IOException">The write failed; the records before it stand.</exception>
    public void Write(Span<byte> records)
    {
        for (var at = 0; at < records.Length;)
        {
            var record = records.Slice(at, IntakeRecord.HeaderBytes + IntakeRecord.PayloadBytes(records[at..]));
            IntakeRecord.Seal(record, _seed);
            at += record.Length;
        }
        var start = End;
        RandomAccess.Write(_file, records, start);
        try
        {
            StableStorage.SyncContent(_file, Path);
        }
        catch (IOException failure)
        {
            throw new IntakeSyncFailedException(failure);
        }
        for (var at = 0; at < records.Length;)
        {
            var bytes = IntakeRecord.HeaderBytes + IntakeRecord.PayloadBytes(records[at..]);
            Know(IntakeRecord.Sequence(records[at..]), start + at, start + at + bytes);
            at += bytes;
        }
    }

    /// <summary>Adds synced readings after a sequence, in order, until <paramref name="into"/> holds <paramref name="max"/>.</summary>
    /// <returns>The places where records should have been and are not, of those that were passed.</returns>
    public IReadOnlyList<SegmentGap> Read(long after, int max, List<LoggedReading> into)
    {
        lock (_reading)
        {
            if (_released)
                return [];
            var gaps = new List<SegmentGap>();
            var (offset, sequence) = _index.Before(after);
            using var reader = Reader(offset, End, Math.Max(sequence - 1, Name.After));
            while (into.Count < max && reader.Next() is not SegmentItem.End and var item)
            {
                if (item == SegmentItem.Damage)
                    gaps.Add(new SegmentGap(reader.ItemOffset, reader.Offset, reader.Sequence + 1, reader.NextSequence - 1));
                else if (reader.Sequence > after)
                    into.Add(new LoggedReading(reader.Sequence, Reading.Parser.ParseFrom(reader.Payload)));
            }
            return gaps;
        }
    }

    /// <summary>Closes the file once no read is under way.</summary>
    public void Dispose()
    {
        lock (_reading)
        {
            _released = true;
            _file.Dispose();
        }
    }
}

/// <summary>Bytes of a segment that are no record, and the sequences that may have been there.</summary>
internal readonly record struct SegmentGap(long Start, long End, long FirstLost, long LastLost);

/// <summary>A sync of the intake log failed. The kernel may have dropped the pages, so a later sync that succeeds would prove nothing.</summary>
internal sealed class IntakeSyncFailedException(IOException inner) : IOException(inner.Message, inner);
