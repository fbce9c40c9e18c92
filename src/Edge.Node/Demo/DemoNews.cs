namespace Edge.Node.Demo;

/// <summary>What happens in the demo, a line each: written at once, or, while a screen moves that lines would tear, kept for that screen. Thread-safe.</summary>
internal sealed class DemoNews(TextWriter output)
{
    private readonly Lock _lock = new();
    private List<string>? _kept;

    /// <summary>Something happened.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            if (_kept is null) output.WriteLine(line);
            else _kept.Add(line);
        }
    }

    /// <summary>From now on lines are kept.</summary>
    public void KeepBack()
    {
        lock (_lock) _kept ??= [];
    }

    /// <summary>Lines kept so far.</summary>
    public IReadOnlyList<string> Kept()
    {
        lock (_lock) return [.. _kept ?? []];
    }
}
