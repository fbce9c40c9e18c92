using Edge.Node.Configuration;

namespace Edge.Node.Diagnosis;

/// <summary>The manifests have no mistakes.</summary>
internal sealed class ManifestCheck(string[] paths) : ICheck
{
    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        if (paths.Length == 0)
            yield break;
        var load = SiteLoader.Load(paths);
        yield return load.Mistakes.Count == 0
            ? Finding.Ok("manifests", load.Summary)
            : Finding.Failed("manifests", $"{load.Mistakes.Count} mistakes; the first: {load.Mistakes[0]}", $"edge validate -f {string.Join(" -f ", paths)} names them all.");
    }
}
