namespace Edge.Node.Storage;

/// <summary>Offsets of some of a segment's records, one about every so many bytes. Thread-safe.</summary>
internal sealed class SparseIndex(int stepBytes)
{
    private readonly Lock _gate = new();
    private readonly List<long> _sequences = [];
    private readonly List<long> _offsets = [];

    /// <summary>Takes note of a record, in order; keeps it when it is far enough from the one kept last.</summary>
    public void Note(long sequence, long offset)
    {
        lock (_gate)
        {
            if (_offsets.Count > 0 && offset < _offsets[^1] + stepBytes)
                return;
            _sequences.Add(sequence);
            _offsets.Add(offset);
        }
    }

    /// <summary>Where to start reading for the record behind <paramref name="after"/>: a kept record at or before it, else the segment's start.</summary>
    public (long Offset, long Sequence) Before(long after)
    {
        lock (_gate)
        {
            var found = _sequences.BinarySearch(after + 1);
            var place = found >= 0 ? found : ~found - 1;
            return place < 0 ? (0, 0) : (_offsets[place], _sequences[place]);
        }
    }
}
