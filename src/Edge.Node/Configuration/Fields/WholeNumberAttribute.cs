using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A whole number of a range.</summary>
/// <param name="description">What the field does.</param>
/// <param name="min">Smallest.</param>
/// <param name="max">Largest.</param>
internal sealed class WholeNumberAttribute(string description, int min, int max) : FieldAttribute(description)
{
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a whole number {min}–{max}");

    public override JsonObject Schema => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };

    public override object? Read(YamlScalar scalar, out string problem)
    {
        problem = "";
        if (scalar.Plain && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        problem = Refusal(scalar, !scalar.Plain && YamlNumber.IsDecimal(scalar.Text) ? " Remove the quotes." : "");
        return null;
    }

    public override JsonNode Show(object value) => JsonValue.Create((int)value);
}
