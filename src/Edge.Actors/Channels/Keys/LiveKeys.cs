namespace Edge.Actors.Channels.Keys;

/// <summary>The lanes with a live instance, and which of them was used least recently.</summary>
internal sealed class LiveKeys
{
    private readonly Dictionary<string, KeyLane> _lanes = new(StringComparer.Ordinal);
    private readonly LinkedList<KeyLane> _uses = [];

    /// <summary>Lanes held.</summary>
    public int Count => _lanes.Count;

    /// <summary>All lanes.</summary>
    public IReadOnlyCollection<KeyLane> Lanes => _lanes.Values;

    /// <summary>The lane that was used least recently, or null.</summary>
    public KeyLane? LeastRecent => _uses.First?.Value;

    /// <summary>The key's lane, which counts as used now; or null.</summary>
    public KeyLane? Use(string key)
    {
        if (_uses.Last?.Value is { } last && ReferenceEquals(last.Key, key)) return last;
        if (!_lanes.TryGetValue(key, out var lane)) return null;
        _uses.Remove(lane.Use!);
        _uses.AddLast(lane.Use!);
        return lane;
    }

    /// <summary>Adds a lane as the most recently used.</summary>
    public void Add(KeyLane lane)
    {
        _lanes.Add(lane.Key, lane);
        lane.Use = _uses.AddLast(lane);
    }

    /// <summary>Forgets a lane.</summary>
    public void Remove(KeyLane lane)
    {
        _lanes.Remove(lane.Key);
        _uses.Remove(lane.Use!);
    }
}
