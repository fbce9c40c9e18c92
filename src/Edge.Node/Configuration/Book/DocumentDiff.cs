using System.Text.Json.Nodes;
using Edge.Messages.Book;

namespace Edge.Node.Configuration.Book;

/// <summary>A field that differs.</summary>
/// <param name="Path">Such as <c>spec.block.count</c>; a list is one field.</param>
/// <param name="Old">As JSON; null: it was not there.</param>
/// <param name="New">As JSON; null: it is not there any more.</param>
internal sealed record FieldChange(string Path, string? Old, string? New);

/// <summary>How two documents differ, field by field. Pure.</summary>
internal static class DocumentDiff
{
    /// <summary>From one to the other; the digest of a module counts, where its file lay does not.</summary>
    public static IReadOnlyList<FieldChange> Of(Resource? old, Resource now)
    {
        var changes = new List<FieldChange>();
        Compare("", Parse(old), Parse(now), changes);
        return changes;
    }

    private static JsonNode? Parse(Resource? resource)
    {
        var document = resource is null ? null : JsonNode.Parse(resource.Document.Span);
        if (resource is { Digest.Length: > 0 } && document?["spec"] is JsonObject spec) spec["file"] = $"sha256:{resource.Digest}";
        return document;
    }

    private static void Compare(string path, JsonNode? old, JsonNode? now, List<FieldChange> changes)
    {
        if (old is JsonObject left && now is JsonObject right)
        {
            foreach (var name in left.Select(field => field.Key).Union(right.Select(field => field.Key), StringComparer.Ordinal))
                Compare(path.Length == 0 ? name : $"{path}.{name}", left[name], right[name], changes);
        }
        else if (old is null && now is JsonObject added)
        {
            foreach (var (name, value) in added) Compare(path.Length == 0 ? name : $"{path}.{name}", null, value, changes);
        }
        else if (!JsonNode.DeepEquals(old, now))
        {
            changes.Add(new(path, old?.ToJsonString(), now?.ToJsonString()));
        }
    }
}
