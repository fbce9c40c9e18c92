using Edge.Messages.Spelling;
using Edge.Node.Configuration.Manifests;

namespace Edge.Node.Cli.Remote;

/// <summary>What a person may name by kind: the kinds of manifests, and nodes, placements and tokens; singular or plural, in any case.</summary>
/// <param name="Name">As manifests and messages write it.</param>
/// <param name="IsManifest">Whether it is declared by manifests.</param>
internal sealed record KindName(string Name, bool IsManifest)
{
    private static readonly KindName[] All = [.. ManifestKind.All.Select(kind => new KindName(kind.Name, IsManifest: true)), new("Node", false), new("Placement", false), new("Token", false)];

    /// <summary>For descriptions of arguments.</summary>
    public static string Allowed => string.Join(", ", All.Select(kind => kind.Name.ToLowerInvariant()));

    /// <exception cref="RemoteException">It is none.</exception>
    public static KindName Parse(string text) =>
        All.FirstOrDefault(kind => kind.Name.Equals(text, StringComparison.OrdinalIgnoreCase) || (kind.Name + "s").Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? throw new RemoteException($"There is no kind '{text}'. Kinds: {Allowed}.{NearestName.Hint(text, All.SelectMany(kind => new[] { kind.Name.ToLowerInvariant(), kind.Name.ToLowerInvariant() + "s" }))}", EdgeCli.BadUsage);
}
