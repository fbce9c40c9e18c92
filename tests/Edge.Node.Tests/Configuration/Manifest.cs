using Edge.Node.Configuration;
using Edge.Node.Configuration.Files;

namespace Edge.Node.Tests.Configuration;

/// <summary>Loads manifests from texts, and shows mistakes as a person sees them. Module paths are below guests/bin of the repository.</summary>
internal static class Manifest
{
    public const string Module = """
        apiVersion: edge/v1
        kind: Module
        metadata: {name: ecg}
        spec:
          file: ecg.wasm
          ports: [filtered, beats]
        """;

    public const string Channel = """
        apiVersion: edge/v1
        kind: Channel
        metadata: {name: heart}
        spec:
          source: {topic: ecg/+/raw, key: {topicLevel: 1}}
          module: ecg
          ports: {beats: {topic: "ecg/{key}/beats"}}
        """;

    public static SiteLoad Load(params string[] documents) =>
        SiteLoader.Load([new ManifestFile(Path.Combine(Repository.Root, "guests", "bin", "site.yaml"), string.Join("\n---\n", documents))]);

    /// <summary>Mistakes as <c>line:column message</c>.</summary>
    public static string[] Mistakes(params string[] documents) =>
        [.. Load(documents).Mistakes.Select(mistake => $"{mistake.Place.Line}:{mistake.Place.Column} {mistake.Message}")];

    /// <summary>The channel's document with one text replaced, after the sound module.</summary>
    public static string[] ChannelMistakes(string old, string replacement)
    {
        Assert.Contains(old, Channel, StringComparison.Ordinal);
        return Mistakes(Channel.Replace(old, replacement, StringComparison.Ordinal), Module);
    }
}
