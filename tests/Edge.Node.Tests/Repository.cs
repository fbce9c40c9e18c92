namespace Edge.Node.Tests;

/// <summary>The source tree that these tests were built from, found upward from the build output.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException($"No Edge.sln above {AppContext.BaseDirectory}.")
        : File.Exists(Path.Combine(folder.FullName, "Edge.sln")) ? folder.FullName
        : Find(folder.Parent);
}
