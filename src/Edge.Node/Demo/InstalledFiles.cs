namespace Edge.Node.Demo;

/// <summary>Files that are installed beside the binary, wherever that is: a build's output, a published folder, or a package.</summary>
internal static class InstalledFiles
{
    /// <summary>The demo's manifests.</summary>
    public static string Manifests { get; } = Find("samples", "demo");

    /// <summary>The manifests of the demo of several nodes.</summary>
    public static string SiteManifests { get; } = Find("samples", "site");

    /// <summary>The recorded ECG.</summary>
    public static string Record { get; } = Find("samples", "data", "ecg-mitbih-208.csv");

    private static string Find(params string[] parts) => Path.Combine([AppContext.BaseDirectory, .. parts]);
}
