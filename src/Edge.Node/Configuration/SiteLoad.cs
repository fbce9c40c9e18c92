using Edge.Actors;

namespace Edge.Node.Configuration;

/// <summary>What came of loading manifests.</summary>
/// <param name="Site">The site; null if there is any mistake.</param>
/// <param name="Mistakes">All mistakes of all files, by file and position.</param>
/// <param name="Files">Files read.</param>
/// <param name="Objects">Documents in them.</param>
public sealed record SiteLoad(SiteManifest? Site, IReadOnlyList<Finding> Mistakes, int Files, int Objects)
{
    /// <summary><c>N files, M objects, K mistakes</c>.</summary>
    public string Summary => $"{Count(Files, "file")}, {Count(Objects, "object")}, {Count(Mistakes.Count, "mistake")}";

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
