namespace Edge.Bench;

/// <summary>The source tree that the bench was built from: peers' sources and guests' modules are read there.</summary>
internal static class SourceTree
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file below the root.</summary>
    /// <exception cref="BenchException">It is not there.</exception>
    public static string File(params string[] parts)
    {
        var path = Path.Combine([Root, .. parts]);
        return System.IO.File.Exists(path) ? path : throw new BenchException($"There is no '{path}'. Run the bench in a complete source tree.");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Edge.sln")))
            folder = folder.Parent ?? throw new BenchException($"No Edge.sln above {AppContext.BaseDirectory}; run the bench in its source tree.");
        return folder.FullName;
    }
}
