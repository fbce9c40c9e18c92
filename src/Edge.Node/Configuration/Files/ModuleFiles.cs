using Edge.Wasm.Modules;

namespace Edge.Node.Configuration.Files;

/// <summary>What was found at a module's path.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Outline">What the file tells; null if <paramref name="Problem"/> says why not.</param>
/// <param name="Problem">The end of a sentence that began with the path: the mistake and its remedy.</param>
internal sealed record ModuleFile(string Path, ModuleOutline? Outline, string Problem);

/// <summary>Looks at the <c>.wasm</c> files that modules name.</summary>
internal static class ModuleFiles
{
    private const long BytesMax = 64L << 20;

    /// <param name="manifest">The manifest's own path.</param>
    /// <param name="file">The path in it, relative to the manifest's folder.</param>
    public static ModuleFile Look(string manifest, string file) => Look(PathOf(manifest, file));

    /// <summary>Full path of a file that a manifest names.</summary>
    public static string PathOf(string manifest, string file) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifest)) ?? "/", file));

    /// <param name="path">The full path.</param>
    public static ModuleFile Look(string path)
    {
        try
        {
            if (Directory.Exists(path)) return new(path, null, "is a folder. Name the .wasm file in it.");
            using var stream = File.OpenRead(path);
            if (stream.Length > BytesMax) return new(path, null, $"is {stream.Length >> 20} MiB large; at most {BytesMax >> 20} MiB are allowed. Build it without debug information.");
            var bytes = new byte[stream.Length];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var outline = ModuleOutline.Read(bytes.AsSpan(0, length), out var problem);
            return new(path, outline, outline is null ? $"{problem} Name the .wasm file that the module's build made." : "");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(path, null, "does not exist. The path is relative to the manifest's folder; build the module (edge module build) or correct the path.");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new(path, null, $"cannot be read ({denied.Message}). Allow reading it.");
        }
    }
}
