using System.Text.Json.Nodes;
using Edge.Node.Admin.Routes;

namespace Edge.Node.Tests.Docs;

/// <summary>docs/api.md and the OpenAPI document say of every route what the table of routes does.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public void The_document_has_a_row_for_each_route_and_no_other()
    {
        var document = Path.Combine(Repository.Root, "docs", "api.md");
        string[] rows = [.. File.ReadAllLines(document).Where(line => line.StartsWith("| `GET ", StringComparison.Ordinal) || line.StartsWith("| `POST ", StringComparison.Ordinal) || line.StartsWith("| `PUT ", StringComparison.Ordinal) || line.StartsWith("| `DELETE ", StringComparison.Ordinal))];
        string[] wanted = [.. AdminRoutes.All.Select(route => $"| `{route.Method} {route.Path}` | {route.Access} | {route.Summary}{string.Concat(route.Query.Select(one => $" `{one.Key}`: {one.Value}"))} |")];
        Assert.True(rows.Order().SequenceEqual(wanted.Order()), $"{document} differs from the table of routes. Rows that it should have:\n{string.Join('\n', wanted)}");
    }

    [Fact]
    public void The_OpenAPI_document_has_each_route_with_its_parameters()
    {
        var paths = JsonNode.Parse(OpenApiDocument.Text)!["paths"]!.AsObject();
        Assert.Equal(
            AdminRoutes.All.Select(route => $"{route.Method} {route.Path}").Order(),
            paths.SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).Order());
        foreach (var route in AdminRoutes.All)
        {
            var names = paths[route.Path]![route.Method.ToLowerInvariant()]!["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()).ToArray();
            Assert.All(route.Query.Keys.Concat(route.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'))), name => Assert.Contains(name, names));
        }
    }
}
