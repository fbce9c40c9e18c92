namespace Edge.Wasm.Capabilities;

/// <summary>
/// May use the folder <paramref name="Folder"/>: the guest sees it under that path, the host keeps it at the same path below the tenant's own root.
/// Without a folder, <c>fs</c> alone lets a module import the file functions (ordinary Go programs do), and every open is refused.
/// </summary>
/// <param name="Folder">Absolute guest path without <c>.</c>, <c>..</c> or empty parts, <c>/</c> for the whole root; null opens nothing.</param>
/// <param name="Writable">Whether it may change what is there.</param>
public sealed record FileCapability(string? Folder, bool Writable) : Capability
{
    /// <inheritdoc/>
    public override string Kind => "fs";

    internal static Capability? Parse(string? rest, out string problem)
    {
        problem = "";
        if (rest is null) return new FileCapability(null, false);
        var colon = rest.LastIndexOf(':');
        var (folder, mode) = colon < 0 ? (rest, "") : (rest[..colon], rest[(colon + 1)..]);
        if (mode is not ("ro" or "rw")) problem = CapabilityGrammar.UnknownWord("mode", mode, "ro", "rw");
        else if (!IsFolder(folder)) problem = $"names the folder '{folder}'; a folder is an absolute path without '.', '..' and empty parts.";
        return problem.Length == 0 ? new FileCapability(folder, mode == "rw") : null;
    }

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked is FileCapability other &&
        (other.Folder is null || (Folder is not null && Contains(Folder, other.Folder) && (Writable || !other.Writable)));

    /// <inheritdoc/>
    public override string ToString() => Folder is null ? Kind : $"{Kind}:{Folder}:{(Writable ? "rw" : "ro")}";

    private static bool IsFolder(string path) => path == "/" || (path.StartsWith('/') && !path.Contains('\0') &&
        path[1..].Split('/').All(part => part is not ("" or "." or "..")));

    private static bool Contains(string outer, string inner) => outer == "/" || inner == outer ||
        (inner.StartsWith(outer, StringComparison.Ordinal) && inner[outer.Length] == '/');
}
