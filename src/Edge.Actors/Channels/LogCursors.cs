namespace Edge.Actors.Channels;

/// <summary>A <see cref="Position"/> on the move: what a pipeline and each of its keys advance with every reading, without allocating. One thread at a time.</summary>
internal sealed class LogCursors
{
    private (string Log, long Sequence)[] _cursors = new (string, long)[1];
    private int _count;

    /// <summary>The cursor in a log; 0 when nothing of it was seen.</summary>
    public long this[string log] => Find(log) is var at and >= 0 ? _cursors[at].Sequence : 0;

    /// <summary>Moves a log's cursor to a sequence.</summary>
    public void Set(string log, long sequence)
    {
        var at = Find(log);
        if (at < 0)
        {
            if (sequence == 0) return;
            if (_count == _cursors.Length) Array.Resize(ref _cursors, 2 * _count);
            at = _count++;
        }

        // The caller's string: the next look-up finds it by reference.
        _cursors[at] = (log, sequence);
    }

    /// <summary>Goes to a position.</summary>
    public void Load(Position position)
    {
        _count = 0;
        foreach (var (log, sequence) in position.Cursors) Set(log, sequence);
    }

    /// <summary>Where it is now.</summary>
    public Position Save() => Position.Of(_cursors.Take(_count).Select(c => KeyValuePair.Create(c.Log, c.Sequence)));

    /// <summary>Whether it is where <paramref name="position"/> says.</summary>
    public bool IsAt(Position position)
    {
        if (position.Cursors.Count != _count) return false;
        for (var i = 0; i < _count; i++)
        {
            if (position[_cursors[i].Log] != _cursors[i].Sequence) return false;
        }

        return true;
    }

    private int Find(string log)
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_cursors[i].Log, log) || _cursors[i].Log == log) return i;
        }

        return -1;
    }
}
