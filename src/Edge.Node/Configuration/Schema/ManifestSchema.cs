using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Node.Configuration.Fields;
using Edge.Node.Configuration.Manifests;

namespace Edge.Node.Configuration.Schema;

/// <summary>
/// The JSON Schema (draft 7, which editors' YAML plugins read) of one manifest, made from the manifest types. It is published as docs/schema/edge-v1.json, which a test compares with this, and
/// printed by <c>edge schema</c>. It holds what one document can show; what holds between documents, only <c>edge validate</c> checks.
/// </summary>
public static class ManifestSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, indented, with a line feed at its end.</summary>
    public static string Text => Create().ToJsonString(Indented) + "\n";

    private static JsonObject Create()
    {
        var definitions = new JsonObject();
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Manifest of Edge, edge/v1",
            ["description"] = "Tenants, modules and channels of an Edge node. See docs/manifests.md.",
            ["type"] = "object",
            ["oneOf"] = new JsonArray([.. ManifestKind.All.Select(kind => new JsonObject { ["$ref"] = $"#/definitions/{kind.Name}" })]),
        };
        foreach (var kind in ManifestKind.All) definitions[kind.Name] = Kind(kind);
        schema["definitions"] = definitions;
        return schema;
    }

    private static JsonObject Kind(ManifestKind kind) => new()
    {
        ["title"] = kind.Name,
        ["description"] = kind.Description,
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = Word(ManifestKind.ApiVersion, "Version of the manifests' format."),
            ["kind"] = Word(kind.Name, "What is declared."),
            ["metadata"] = Section(kind.Metadata, "Its name."),
            ["spec"] = Section(kind.Spec, kind.Description),
        },
        ["required"] = new JsonArray(["apiVersion", "kind", "metadata", .. kind.NeedsSpec ? ["spec"] : Array.Empty<JsonNode>()]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Word(string word, string description) => new() { ["description"] = description, ["type"] = "string", ["enum"] = new JsonArray(word) };

    private static JsonObject Section(ManifestShape shape, string description)
    {
        var schema = new JsonObject
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = new JsonObject(shape.Fields.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Name, Field(one)))),
            ["additionalProperties"] = false,
        };
        JsonNode[] required = [.. shape.Fields.Where(one => one.Grammar.Required).Select(one => JsonValue.Create(one.Name))];
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        if (shape.ExactlyOne.Count > 0) schema["oneOf"] = new JsonArray([.. shape.ExactlyOne.Select(name => new JsonObject { ["required"] = new JsonArray(name) })]);
        return schema;
    }

    private static JsonObject Field(ShapeField field)
    {
        var grammar = field.Grammar;
        var schema = field.Form switch
        {
            FieldForm.Section => Section(field.Section!, grammar.Description),
            FieldForm.SectionByName => new JsonObject
            {
                ["type"] = "object",
                ["propertyNames"] = new NameAttribute("").Schema,
                ["additionalProperties"] = Section(field.Section!, grammar.Description),
            },
            FieldForm.List => new JsonObject { ["type"] = "array", ["items"] = grammar.Schema, ["uniqueItems"] = true },
            _ => grammar.Schema,
        };
        schema.Remove("description");
        schema.Insert(0, "description", Describe(field));
        if (field.Default is { } value) schema["default"] = value.DeepClone();
        return schema;
    }

    private static string Describe(ShapeField field) => field.Form switch
    {
        FieldForm.Scalar when field.Grammar is not OneOfAttribute => $"{field.Grammar.Description} Allowed: {field.Grammar.Allowed}.",
        FieldForm.List => $"{field.Grammar.Description} Each item: {field.Grammar.Allowed}.",
        _ => field.Grammar.Description,
    };
}
