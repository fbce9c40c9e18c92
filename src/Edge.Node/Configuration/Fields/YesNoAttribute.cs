using System.Text.Json.Nodes;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>True or false, and nothing else: YAML 1.1's yes, no, on and off are text in YAML 1.2.</summary>
internal sealed class YesNoAttribute(string description) : FieldAttribute(description)
{
    public override string Allowed => "true or false";

    public override JsonObject Schema => new() { ["type"] = "boolean" };

    public override object? Read(YamlScalar scalar, out string problem)
    {
        problem = "";
        if (scalar is { Plain: true, Text: "true" }) return true;
        if (scalar is { Plain: true, Text: "false" }) return false;
        problem = Refusal(scalar, scalar.Text.ToLowerInvariant() switch
        {
            "yes" or "on" or "y" => " Write true.",
            "no" or "off" or "n" => " Write false.",
            "true" or "false" => $" Write {scalar.Text.ToLowerInvariant()} in small letters and without quotes.",
            _ => "",
        });
        return null;
    }

    public override JsonNode Show(object value) => JsonValue.Create((bool)value);
}
