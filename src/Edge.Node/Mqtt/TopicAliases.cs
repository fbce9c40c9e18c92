namespace Edge.Node.Mqtt;

/// <summary>Topic aliases that a client has set on one connection (MQTT 5 §3.3.2.3.4). At most <see cref="Max"/>, announced in CONNACK: an alias holds a topic's memory.</summary>
internal sealed class TopicAliases
{
    /// <summary>Highest alias.</summary>
    public const ushort Max = 64;

    private string?[]? _topics;

    /// <summary>The topic that a PUBLISH means; null when its alias is unknown or out of range.</summary>
    /// <param name="topic">As written; empty to use the alias.</param>
    /// <param name="alias">0: none.</param>
    public string? Resolve(string? topic, ushort alias)
    {
        if (alias == 0)
        {
            return topic ?? "";
        }

        if (alias > Max)
        {
            return null;
        }

        _topics ??= new string?[Max];
        return string.IsNullOrEmpty(topic) ? _topics[alias - 1] : _topics[alias - 1] = topic;
    }
}
