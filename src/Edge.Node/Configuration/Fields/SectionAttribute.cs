using System.Text.Json.Nodes;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A mapping: the fields of another manifest type, or, on a dictionary, port names each with such a mapping.</summary>
internal sealed class SectionAttribute(string description) : FieldAttribute(description)
{
    public override string Allowed => "a mapping";

    public override JsonObject Schema => new() { ["type"] = "object" };

    public override object? Read(YamlScalar scalar, out string problem)
    {
        problem = $"is {scalar.Describe()}; allowed: a mapping of fields. Write its fields below it, indented.";
        return null;
    }
}

/// <summary>A mapping that Edge does not look into: it goes to the module as JSON.</summary>
internal sealed class FreeFormAttribute(string description) : FieldAttribute(description)
{
    public override string Allowed => "a mapping of whatever the module understands";

    public override JsonObject Schema => new() { ["type"] = "object" };

    public override object? Read(YamlScalar scalar, out string problem)
    {
        problem = $"is {scalar.Describe()}; allowed: {Allowed}. Write its fields below it, indented.";
        return null;
    }
}
