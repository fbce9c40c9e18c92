namespace Edge.Node.Configuration.Files;

/// <summary>A file of manifests as read.</summary>
/// <param name="Path">As the person wrote it: below the given path, so that messages can be clicked.</param>
/// <param name="Text">Its text.</param>
internal sealed record ManifestFile(string Path, string Text);

/// <summary>
/// Finds and reads manifest files: a file given by name, or all <c>.yaml</c>, <c>.yml</c> and <c>.json</c> files below a folder, in ordinal order. Names that begin with
/// a dot are passed over, and links to folders are not followed, so no folder is read twice. What cannot be read is a finding.
/// </summary>
internal sealed class ManifestFiles(Findings findings)
{
    private const int FilesMax = 1_000;
    private const int DepthMax = 16;

    private readonly SortedSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>Files looked at, readable or not.</summary>
    public int Count => _paths.Count;

    public IReadOnlyList<ManifestFile> Read(IEnumerable<string> given)
    {
        foreach (var path in given) Find(path);
        if (_paths.Count > FilesMax)
        {
            findings.Add(Place.Of(_paths.Min!), $"There are {_paths.Count} manifest files; at most {FilesMax} are read. Name the folder of the manifests more exactly.");
            return [];
        }
        var files = new List<ManifestFile>();
        foreach (var path in _paths)
        {
            if (ReadOne(path) is { } file) files.Add(file);
        }
        return files;
    }

    private void Find(string path)
    {
        if (File.Exists(path)) _paths.Add(path);
        else if (!Directory.Exists(path)) findings.Add(Place.Of(path), "There is no such file or folder. Give a file, or a folder that holds .yaml, .yml or .json files.");
        else if (!Walk(path, 0)) findings.Add(Place.Of(path), "The folder holds no manifests (.yaml, .yml or .json files). Give the folder that does.");
    }

    private bool Walk(string folder, int depth)
    {
        var found = false;
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                if (entry.Name.StartsWith('.')) continue;
                var path = Path.Combine(folder, entry.Name);
                if (entry is FileInfo && IsManifest(entry.Name)) { _paths.Add(path); found = true; }
                if (entry is DirectoryInfo { LinkTarget: null } && depth < DepthMax) found |= Walk(path, depth + 1);
            }
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            findings.Add(Place.Of(folder), $"The folder cannot be listed ({denied.Message}). Allow reading it.");
            return true;
        }
        return found;
    }

    private static bool IsManifest(string name) => Path.GetExtension(name) is ".yaml" or ".yml" or ".json";

    private ManifestFile? ReadOne(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var buffer = new byte[ManifestText.BytesMax + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length > ManifestText.BytesMax)
            {
                findings.Add(Place.Of(path), "The file is larger than 1 MiB, the most that a manifest file may hold. Split it, or remove it from the folder if it is no manifest.");
                return null;
            }
            return ManifestText.Decode(path, buffer.AsSpan(0, length), findings) is { } text ? new ManifestFile(path, text) : null;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            findings.Add(Place.Of(path), $"The file cannot be read ({denied.Message}). Allow reading it, or remove it from the folder.");
            return null;
        }
    }
}
