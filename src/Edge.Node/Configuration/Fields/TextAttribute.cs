using System.Text.Json.Nodes;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A field whose value is text. What YAML would read as a number or as true must be quoted, so that editors and Edge read the same.</summary>
internal abstract class TextAttribute(string description) : FieldAttribute(description)
{
    /// <summary>Longest value in characters.</summary>
    public int LengthMax { get; init; } = 1_024;

    /// <summary>A regular expression that holds for each allowed value and for few others; null: any text.</summary>
    protected virtual string? Pattern => null;

    public override JsonObject Schema
    {
        get
        {
            var schema = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = LengthMax };
            if (Pattern is { } pattern) schema["pattern"] = pattern;
            return schema;
        }
    }

    public sealed override object? Read(YamlScalar scalar, out string problem)
    {
        problem = "";
        if (scalar.IsNumber || scalar.IsBoolean) problem = $"is {scalar.Describe()}; text is wanted. Put it in quotes: \"{scalar.Text}\".";
        else if (scalar.Text.Length == 0) problem = $"is empty; allowed: {Allowed}.";
        else if (scalar.Text.Length > LengthMax) problem = $"is {scalar.Text.Length} characters long; at most {LengthMax} are allowed. Shorten it.";
        else if (scalar.Text.Any(char.IsControl)) problem = $"is {scalar.Describe()}, which holds a control character. Remove it.";
        else return Parse(scalar, out problem);
        return null;
    }

    protected abstract object? Parse(YamlScalar scalar, out string problem);
}
