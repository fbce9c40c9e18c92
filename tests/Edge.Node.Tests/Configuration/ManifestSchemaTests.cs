using System.Text.Json.Nodes;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Schema;
using Edge.Node.Configuration.Yaml;
using NJsonSchema;

namespace Edge.Node.Tests.Configuration;

/// <summary>The published schema is the generated one, and an independent validator agrees with the binder.</summary>
public sealed class ManifestSchemaTests
{
    [Fact]
    public void The_published_schema_is_the_one_of_the_types()
    {
        var published = Path.Combine(Repository.Root, "docs", "schema", "edge-v1.json");
        Assert.True(File.ReadAllText(published) == ManifestSchema.Text, $"{published} differs from the manifest types. Run: ./edge schema > docs/schema/edge-v1.json");
    }

    [Fact]
    public async Task Every_sample_is_valid_by_the_schema()
    {
        var schema = await JsonSchema.FromJsonAsync(ManifestSchema.Text, TestContext.Current.CancellationToken);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.yaml", SearchOption.AllDirectories))
            Assert.All(Documents(File.ReadAllText(file)), json => Assert.Empty(schema.Validate(json)));
    }

    [Theory]
    [InlineData("source:", "sorce:")]
    [InlineData("kind: Channel", "kind: Chanel")]
    [InlineData("ecg/+/raw", "ecg/#/raw")]
    [InlineData("ecg/+/raw", "$SYS/raw")]
    [InlineData("ecg/{key}/beats", "ecg/+/beats")]
    [InlineData("topicLevel: 1", "topicLevel: 1, path: a")]
    [InlineData("module: ecg", "module: ecg\n  commit: {every: 100}")]
    [InlineData("module: ecg", "module: ecg\n  sampleType: f23")]
    [InlineData("name: heart", "name: Heart")]
    public async Task What_one_document_shows_is_a_mistake_for_the_schema_too(string old, string replacement)
    {
        var schema = await JsonSchema.FromJsonAsync(ManifestSchema.Text, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Documents(Manifest.Channel)[0]));
        Assert.NotEmpty(schema.Validate(Documents(Manifest.Channel.Replace(old, replacement, StringComparison.Ordinal))[0]));
        Assert.NotEmpty(Manifest.ChannelMistakes(old, replacement));
    }

    [Fact]
    public void The_reference_has_a_row_for_each_field()
    {
        var reference = File.ReadAllText(Path.Combine(Repository.Root, "docs", "manifests.md"));
        var schema = JsonNode.Parse(ManifestSchema.Text)!["definitions"]!.AsObject();
        var rows = schema.SelectMany(kind => Rows(kind.Value!["properties"]!["metadata"]!, "metadata").Concat(Rows(kind.Value!["properties"]!["spec"]!, "spec"))).Distinct();
        string[] missing = [.. rows.Where(row => !reference.Contains(row, StringComparison.Ordinal))];
        Assert.True(missing.Length == 0, $"docs/manifests.md differs from the manifest types. Rows that it lacks:\n{string.Join('\n', missing)}");
    }

    private static IEnumerable<string> Rows(JsonNode section, string path)
    {
        var properties = section["properties"] ?? section["additionalProperties"]?["properties"];
        if (properties is null) yield break;
        var prefix = section["properties"] is null ? $"{path}.NAME" : path;
        foreach (var (name, field) in properties.AsObject())
        {
            yield return $"| `{prefix}.{name}` | {field!["description"]} | {(field["default"] is { } value ? $"`{value}`" : "")} |";
            foreach (var row in Rows(field, $"{prefix}.{name}")) yield return row;
        }
    }

    private static string[] Documents(string yaml)
    {
        var findings = new Findings();
        var json = YamlDocuments.Read("sample.yaml", yaml, findings).Select(document => System.Text.Encoding.UTF8.GetString(YamlJson.Write(document, findings))).ToArray();
        Assert.Equal(0, findings.Count);
        return json;
    }
}
