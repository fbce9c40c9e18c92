using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>Any finite number.</summary>
internal sealed class NumberAttribute(string description) : FieldAttribute(description)
{
    /// <summary>Whether 0 is a mistake.</summary>
    public bool NotZero { get; init; }

    public override string Allowed => NotZero ? "a number other than 0" : "a number";

    public override JsonObject Schema => new() { ["type"] = "number" };

    public override object? Read(YamlScalar scalar, out string problem)
    {
        problem = "";
        if (scalar.Plain && YamlNumber.IsDecimal(scalar.Text) && double.Parse(scalar.Text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) && !(NotZero && number == 0))
            return number;
        problem = Refusal(scalar, !scalar.Plain && YamlNumber.IsDecimal(scalar.Text) ? " Remove the quotes." : "");
        return null;
    }

    public override JsonNode Show(object value) => JsonValue.Create((double)value);
}
