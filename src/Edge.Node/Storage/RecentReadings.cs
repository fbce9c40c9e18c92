using Edge.Actors.Intake;

namespace Edge.Node.Storage;

/// <summary>The newest flushed readings, in memory, so that a channel that keeps up never reads the disk. Thread-safe; bounded by encoded bytes, oldest first out.</summary>
internal sealed class RecentReadings(int mostBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<int> _sizes = [];
    private LoggedReading[] _ring = new LoggedReading[256];
    private int _head;
    private int _count;
    private long _bytes;
    private long _floor;

    /// <summary>Starts behind a sequence: everything above it will be here until it is pushed out.</summary>
    public void StartAfter(long sequence)
    {
        lock (_gate)
            _floor = sequence;
    }

    /// <summary>Adds flushed readings up to a sequence, in order.</summary>
    public void Add(List<LoggedReading> readings, long upTo)
    {
        lock (_gate)
        {
            foreach (var reading in readings)
            {
                if (reading.Sequence > upTo)
                    return;
                Add(reading);
            }
        }
    }

    /// <summary>Copies readings after a sequence.</summary>
    /// <returns>False when the first of them may have been pushed out: read them from the disk.</returns>
    public bool TryRead(long after, int max, List<LoggedReading> into)
    {
        lock (_gate)
        {
            if (after < _floor)
                return false;
            for (var i = FirstAfter(after); i < _count && into.Count < max; i++)
                into.Add(At(i));
            return true;
        }
    }

    private void Add(LoggedReading reading)
    {
        var size = reading.Reading.CalculateSize() + IntakeRecord.HeaderBytes;
        if (_count == _ring.Length)
            Grow();
        _ring[(_head + _count++) % _ring.Length] = reading;
        _sizes.Enqueue(size);
        for (_bytes += size; _bytes > mostBytes; _bytes -= _sizes.Dequeue())
        {
            _floor = _ring[_head].Sequence;
            _ring[_head] = default;
            _head = (_head + 1) % _ring.Length;
            _count--;
        }
    }

    private LoggedReading At(int i) => _ring[(_head + i) % _ring.Length];

    private int FirstAfter(long sequence)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Sequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Grow()
    {
        var ring = new LoggedReading[2 * _ring.Length];
        for (var i = 0; i < _count; i++)
            ring[i] = At(i);
        (_ring, _head) = (ring, 0);
    }
}
