namespace Edge.Node.Configuration.Topics;

/// <summary>
/// The topics that something may have, as levels: a word, <see cref="One"/> level, or <see cref="Many"/> levels (none included). Unlike a filter
/// it may hold <see cref="Many"/> anywhere, which is what <c>{topic}</c> of a source <c>in/#</c> gives. Pure.
/// </summary>
internal sealed record TopicPattern(IReadOnlyList<string> Levels)
{
    private const string One = "+";
    private const string Many = "#";

    /// <summary>The topics that a filter matches.</summary>
    public static TopicPattern OfFilter(string filter) => new(filter.Split('/'));

    /// <summary>
    /// The topics that a port's template may become for inputs of <paramref name="source"/>. A level with a placeholder is one level of any text, but <c>{topic}</c> is the source's
    /// own topic, and <c>{topic.N}</c> is its level N where the filter fixes it; so is <c>{key}</c> where the key is a level.
    /// </summary>
    public static TopicPattern OfTemplate(string template, string source, int? keyLevel)
    {
        string[] sourceLevels = source.Split('/');
        var levels = new List<string>();
        foreach (var level in template.Split('/'))
        {
            if (level == "{topic}") levels.AddRange(sourceLevels);
            else if (level == "{key}" && keyLevel is { } key) levels.Add(Fixed(sourceLevels, key));
            else if (level.StartsWith("{topic.", StringComparison.Ordinal) && level.EndsWith('}') && TopicSyntax.LevelOf(level[1..^1]) is { } n) levels.Add(Fixed(sourceLevels, n));
            else levels.Add(level.Contains('{', StringComparison.Ordinal) ? One : level);
        }
        return new(levels);
    }

    /// <summary>Whether some topic is in both. A key from a payload may hold any text, yet a device that names a level of the source on purpose is no loop to warn of: callers leave such templates out.</summary>
    public bool Overlaps(TopicPattern other)
    {
        var (a, b) = (Levels, other.Levels);
        // overlaps[i, j]: whether the levels of a from i and of b from j have a topic in common; filled from the end.
        var overlaps = new bool[a.Count + 1, b.Count + 1];
        for (var i = a.Count; i >= 0; i--)
        {
            for (var j = b.Count; j >= 0; j--) overlaps[i, j] = OverlapsFrom(overlaps, a, b, i, j);
        }
        return overlaps[0, 0];
    }

    private static bool OverlapsFrom(bool[,] overlaps, IReadOnlyList<string> a, IReadOnlyList<string> b, int i, int j)
    {
        if (i == a.Count && j == b.Count) return true;
        if (i < a.Count && a[i] == Many) return overlaps[i + 1, j] || (j < b.Count && overlaps[i, j + 1]);
        if (j < b.Count && b[j] == Many) return overlaps[i, j + 1] || (i < a.Count && overlaps[i + 1, j]);
        if (i == a.Count || j == b.Count) return false;
        return (a[i] == One || b[j] == One || a[i] == b[j]) && overlaps[i + 1, j + 1];
    }

    private static string Fixed(string[] sourceLevels, int level) => level < sourceLevels.Length && sourceLevels[level] != Many ? sourceLevels[level] : One;
}
