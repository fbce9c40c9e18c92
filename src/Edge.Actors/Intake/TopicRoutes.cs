using System.Collections.Concurrent;

namespace Edge.Actors.Intake;

/// <summary>
/// Which inboxes a topic of one tenant feeds. Filters are compared once per topic and remembered, so that the hot path is one dictionary look-up;
/// the memory is bounded and forgotten as a whole when devices invent more than <see cref="TopicsMax"/> topics.
/// </summary>
internal sealed class TopicRoutes(IReadOnlyList<(string Filter, ChannelInbox Inbox)> filters)
{
    /// <summary>Topics remembered per tenant.</summary>
    public const int TopicsMax = 50_000;

    private readonly ConcurrentDictionary<string, ChannelInbox[]> _known = new(StringComparer.Ordinal);
    private int _remembered;

    /// <summary>The inboxes that <paramref name="topic"/> feeds.</summary>
    public ChannelInbox[] For(string topic) => _known.TryGetValue(topic, out var inboxes) ? inboxes : Match(topic);

    private ChannelInbox[] Match(string topic)
    {
        ChannelInbox[] inboxes = [.. filters.Where(f => TopicFilter.Matches(f.Filter, topic)).Select(f => f.Inbox)];
        if (Interlocked.Increment(ref _remembered) > TopicsMax)
        {
            _known.Clear();
            Interlocked.Exchange(ref _remembered, 1);
        }

        _known.TryAdd(topic, inboxes);
        return inboxes;
    }
}
