using Edge.Messages.Modules;
using Edge.Node.Configuration.Files;

namespace Edge.Node.Configuration.Book;

/// <summary>What somebody hands in to be applied.</summary>
/// <param name="Files">The manifests, with the names that messages show.</param>
/// <param name="Modules">Of each file, the digest of each module file that it names, as written there: the bytes were handed in before. A manifest may also name them itself: <c>file: sha256:…</c>.</param>
internal sealed record SubmittedManifests(IReadOnlyList<ManifestFile> Files, IReadOnlyDictionary<(string File, string Module), ModuleDigest> Modules)
{
    private const string DigestPrefix = "sha256:";

    /// <summary>The digest that a module of a file stands for; null if it is not known.</summary>
    public ModuleDigest? DigestOf(string file, string module) =>
        ParseDigest(module) ?? (Modules.TryGetValue((file, module), out var digest) ? digest : null);

    /// <summary>Reads <c>sha256:</c> and 64 digits; null if it is something else.</summary>
    public static ModuleDigest? ParseDigest(string text) =>
        text.StartsWith(DigestPrefix, StringComparison.Ordinal) && IsHex(text[DigestPrefix.Length..]) ? new ModuleDigest(text[DigestPrefix.Length..]) : null;

    /// <summary>Whether a text is the 64 lower-case digits of a digest.</summary>
    public static bool IsHex(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
