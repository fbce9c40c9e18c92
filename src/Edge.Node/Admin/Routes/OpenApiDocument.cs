using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using Edge.Messages.Book;

namespace Edge.Node.Admin.Routes;

/// <summary>The OpenAPI 3.1 document of the admin server, made from the route table and the JSON types, so that it cannot say other than what is served.</summary>
internal static partial class OpenApiDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document.</summary>
    public static string Text { get; } = Create().ToJsonString(Indented);

    private static JsonObject Create()
    {
        var paths = new JsonObject();
        foreach (var path in AdminRoutes.All.GroupBy(route => route.Path))
            paths[path.Key] = new JsonObject(path.Select(route => KeyValuePair.Create<string, JsonNode?>(route.Method.ToLowerInvariant(), Operation(route))));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Edge admin API", ["version"] = "v1" },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject(
                    new[] { typeof(ApplyView), typeof(ReasonView), typeof(NewTokenView), typeof(ErrorView) }.Select(type => KeyValuePair.Create<string, JsonNode?>(type.Name, ApiJson.Default.Options.GetJsonSchemaAsNode(type)))),
            },
        };
    }

    private static JsonObject Operation(AdminRoute route)
    {
        var operation = new JsonObject
        {
            ["summary"] = route.Summary,
            ["description"] = $"Needed: {route.Access}.",
            ["parameters"] = new JsonArray(
            [
                .. PathNames().Matches(route.Path).Select(name => Parameter(name.Groups[1].Value, "path", "", required: true)),
                .. route.Query.Select(one => Parameter(one.Key, "query", one.Value, required: false)),
            ]),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "Done." }, ["default"] = Error() },
        };
        if (route.Access.Least != Role.Unspecified) operation["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() });
        if (route.Body is { } body) operation["requestBody"] = new JsonObject { ["content"] = Content(body) };
        return operation;
    }

    private static JsonObject Parameter(string name, string place, string meaning, bool required) =>
        new() { ["name"] = name, ["in"] = place, ["description"] = meaning, ["required"] = required, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Error() => new() { ["description"] = "What failed, in words.", ["content"] = Content(nameof(ErrorView)) };

    private static JsonObject Content(string body) => body == "bytes"
        ? new() { ["application/wasm"] = new JsonObject() }
        : new() { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{body}" } } };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathNames();
}
