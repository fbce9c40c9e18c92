using Edge.Actors.Intake;
using Edge.Messages.Site;

namespace Edge.Node.Site;

/// <summary>What the clients of one other node subscribe to, as far as this node was told. Thread-safe.</summary>
internal sealed class PeerInterest
{
    // Topics remembered with their answer; forgotten as a whole when there are more.
    private const int TopicsMax = 20_000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _filters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Takes a change.</summary>
    public void Apply(InterestChange change)
    {
        lock (_gate)
        {
            if (change.Whole) _filters.Clear();
            _filters.UnionWith(change.Added);
            _filters.ExceptWith(change.Removed);
            _known.Clear();
        }
    }

    /// <summary>Whether anybody there wants <paramref name="topic"/> (with the tenant's prefix).</summary>
    public bool Wants(string topic)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(topic, out var wanted)) return wanted;
            if (_known.Count >= TopicsMax) _known.Clear();
            return _known[topic] = _filters.Any(filter => TopicFilter.Matches(filter, topic));
        }
    }
}
