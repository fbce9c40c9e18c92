namespace Edge.Node.Mqtt;

/// <summary>What is wrong with the topic of a PUBLISH.</summary>
internal enum TopicProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Empty, a wildcard, a control character, half a surrogate pair, or more than <see cref="TopicName.MaxLevels"/> levels: the peer breaks the protocol.</summary>
    Malformed,

    /// <summary>Starts with <c>$</c>: not for clients.</summary>
    Reserved,
}

/// <summary>Checks topic names (MQTT 5 §4.7.3, §1.5.4).</summary>
internal static class TopicName
{
    /// <summary>Levels of a topic. More are refused, as mosquitto does: matching is linear in them.</summary>
    public const int MaxLevels = 200;

    /// <summary>Judges the topic of a PUBLISH.</summary>
    public static TopicProblem Check(string? topic)
    {
        if (string.IsNullOrEmpty(topic))
        {
            return TopicProblem.Malformed;
        }

        var levels = 1;
        foreach (var c in topic)
        {
            if (c is '+' or '#' || char.IsControl(c) || c == '\uFFFD')
            {
                return TopicProblem.Malformed;
            }

            levels += c == '/' ? 1 : 0;
        }

        return levels > MaxLevels ? TopicProblem.Malformed
            : TenantMount.IsReserved(topic) ? TopicProblem.Reserved
            : TopicProblem.None;
    }
}
