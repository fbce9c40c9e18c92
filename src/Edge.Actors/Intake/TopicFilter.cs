namespace Edge.Actors.Intake;

/// <summary>MQTT topic filters (MQTT 5 §4.7): <c>+</c> stands for one level, a last <c>#</c> for the level before it and everything below.</summary>
public static class TopicFilter
{
    /// <summary>Whether <paramref name="filter"/> matches <paramref name="topic"/>. Wildcards at the start do not match topics that begin with '$' (§4.7.2).</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic.StartsWith('$') && (filter.StartsWith('+') || filter.StartsWith('#'))) return false;
        while (true)
        {
            var wanted = Level(filter, out var filterEnds);
            if (wanted is "#") return true;
            var given = Level(topic, out var topicEnds);
            if (wanted is not "+" && !wanted.SequenceEqual(given)) return false;
            if (topicEnds) return filterEnds || filter[(wanted.Length + 1)..] is "#";
            if (filterEnds) return false;
            filter = filter[(wanted.Length + 1)..];
            topic = topic[(given.Length + 1)..];
        }
    }

    private static ReadOnlySpan<char> Level(ReadOnlySpan<char> text, out bool last)
    {
        var slash = text.IndexOf('/');
        last = slash < 0;
        return last ? text : text[..slash];
    }
}
