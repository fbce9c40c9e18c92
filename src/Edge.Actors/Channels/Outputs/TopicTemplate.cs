using System.Text;
using Edge.Actors.Channels.Payloads;

namespace Edge.Actors.Channels.Outputs;

/// <summary>A port's topic with <c>{key}</c>, <c>{topic}</c> and <c>{topic.N}</c> filled in. Pure; remembers the last result, since streams repeat.</summary>
internal sealed class TopicTemplate
{
    private readonly string _text;
    private readonly bool _byTopic;
    private readonly bool _constant;
    private string? _topic;
    private string? _key;
    private string _filled = "";

    /// <summary>Reads a template; what is no known placeholder stays as it is.</summary>
    public TopicTemplate(string text)
    {
        _text = text;
        _byTopic = text.Contains("{topic", StringComparison.Ordinal);
        _constant = !_byTopic && !text.Contains("{key}", StringComparison.Ordinal);
    }

    /// <summary>The topic for an output that a reading of <paramref name="topic"/> and <paramref name="key"/> caused.</summary>
    public string Fill(string key, string topic)
    {
        if (_constant) return _text;
        if (ReferenceEquals(key, _key) && (!_byTopic || topic == _topic)) return _filled;
        (_key, _topic, _filled) = (key, topic, Filled(key, topic));
        return _filled;
    }

    private string Filled(string key, string topic)
    {
        var filled = new StringBuilder(_text.Length + key.Length + topic.Length);
        for (var at = 0; at < _text.Length;)
        {
            var end = _text[at] == '{' ? _text.IndexOf('}', at) : -1;
            if (end > 0 && TryPlaceholder(_text.AsSpan(at + 1, end - at - 1), key, topic, filled)) at = end + 1;
            else filled.Append(_text[at++]);
        }

        return filled.ToString();
    }

    private static bool TryPlaceholder(ReadOnlySpan<char> name, string key, string topic, StringBuilder filled)
    {
        if (name is "key") AppendLevel(filled, key);
        else if (name is "topic") filled.Append(topic);
        else if (name.StartsWith("topic.") && int.TryParse(name[6..], out var level))
            filled.Append(KeyExtractor.TryLevel(topic, level, out var part) ? part : []);
        else return false;
        return true;
    }

    // A key out of a payload is one level, whatever a device writes into it.
    private static void AppendLevel(StringBuilder filled, string key)
    {
        foreach (var c in key) filled.Append(c is '/' or '+' or '#' or '\0' ? '_' : c);
    }
}
