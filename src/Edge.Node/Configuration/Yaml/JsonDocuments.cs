using System.Text.Json;

namespace Edge.Node.Configuration.Yaml;

/// <summary>
/// Reads a manifest that <see cref="YamlJson"/> wrote back into located values, so that what is in the book goes the same way as what is in a file. All of it is at one place: the book has no
/// lines. Pure.
/// </summary>
internal static class JsonDocuments
{
    /// <summary>The document; null if the bytes are no JSON object of at most <see cref="YamlDocuments.DepthMax"/> levels.</summary>
    /// <param name="file">What stands for the file in messages.</param>
    /// <param name="json">UTF-8.</param>
    public static YamlMap? Read(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = YamlDocuments.DepthMax + 1 });
            return Of(document.RootElement, Place.Of(file)) as YamlMap;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static YamlNode Of(JsonElement value, Place place) => value.ValueKind switch
    {
        JsonValueKind.Object => new YamlMap(place, [.. value.EnumerateObject().Select(field => new YamlEntry(new YamlScalar(place, field.Name, Plain: false), Of(field.Value, place)))]),
        JsonValueKind.Array => new YamlList(place, [.. value.EnumerateArray().Select(item => Of(item, place))]),
        JsonValueKind.String => new YamlScalar(place, value.GetString()!, Plain: false),
        _ => new YamlScalar(place, value.GetRawText(), Plain: true),
    };
}
