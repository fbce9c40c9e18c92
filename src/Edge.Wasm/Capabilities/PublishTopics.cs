using System.Text;
using System.Text.Unicode;

namespace Edge.Wasm.Capabilities;

/// <summary>
/// Which topics a guest may publish to (MQTT 5 §4.7): filters as granted, topics as UTF-8 bytes from the guest, compared without allocation.
/// </summary>
internal static class PublishTopics
{
    private const int BytesMax = 65_535;

    public static bool IsFilter(string filter)
    {
        if (filter.Length == 0 || Encoding.UTF8.GetByteCount(filter) > BytesMax || filter[0] == '$' || filter.Contains('\0')) return false;
        var levels = filter.Split('/');
        return levels.Select((level, i) => level is "+" || (level is "#" && i == levels.Length - 1) ||
            !level.AsSpan().ContainsAny('+', '#')).All(valid => valid);
    }

    /// <summary>A topic that may be published at all: valid UTF-8 without wildcards and NUL.</summary>
    public static bool IsTopic(ReadOnlySpan<byte> topic) => topic.Length is > 0 and <= BytesMax &&
        !topic.ContainsAny((byte)'+', (byte)'#', (byte)0) && Utf8.IsValid(topic);

    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        while (true)
        {
            var (level, moreFilter) = NextLevel(ref filter);
            if (level.SequenceEqual("#"u8)) return true;
            var (part, moreTopic) = NextLevel(ref topic);
            if (!level.SequenceEqual("+"u8) && !level.SequenceEqual(part)) return false;
            if (!moreTopic) return !moreFilter || filter.SequenceEqual("#"u8);
            if (!moreFilter) return false;
        }
    }

    /// <summary>Whether every topic that <paramref name="inner"/> matches is matched by <paramref name="outer"/>, level by level.</summary>
    public static bool Covers(string outer, string inner)
    {
        string[] wide = outer.Split('/'), narrow = inner.Split('/');
        for (var i = 0; ; i++)
        {
            if (i < wide.Length && wide[i] == "#") return true;
            if (i == wide.Length || i == narrow.Length) return wide.Length == narrow.Length;
            if (narrow[i] == "#" || (wide[i] != "+" && wide[i] != narrow[i])) return false;
        }
    }

    private static LevelAndRest NextLevel(ref ReadOnlySpan<byte> levels)
    {
        var slash = levels.IndexOf((byte)'/');
        var level = slash < 0 ? levels : levels[..slash];
        levels = slash < 0 ? [] : levels[(slash + 1)..];
        return new LevelAndRest(level, slash >= 0);
    }

    private readonly ref struct LevelAndRest(ReadOnlySpan<byte> level, bool more)
    {
        private readonly ReadOnlySpan<byte> _level = level;

        public void Deconstruct(out ReadOnlySpan<byte> level, out bool hasMore)
        {
            level = _level;
            hasMore = more;
        }
    }
}
