using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Messages.Spelling;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>One word of a closed list: the members of an enum, written with a small first letter.</summary>
/// <param name="description">What the field does.</param>
/// <param name="values">The enum.</param>
internal sealed class OneOfAttribute(string description, Type values) : FieldAttribute(description)
{
    private readonly Dictionary<string, object> _words =
        Enum.GetValues(values).Cast<object>().ToDictionary(value => Word(value), StringComparer.Ordinal);

    public override string Allowed => string.Join(", ", _words.Keys);

    public override JsonObject Schema => new() { ["type"] = "string", ["enum"] = new JsonArray([.. _words.Keys.Select(word => JsonValue.Create(word))]) };

    public override object? Read(YamlScalar scalar, out string problem)
    {
        problem = _words.ContainsKey(scalar.Text) ? "" : Refusal(scalar, NearestName.Hint(scalar.Text, _words.Keys));
        return _words.GetValueOrDefault(scalar.Text);
    }

    public override JsonNode Show(object value) => JsonValue.Create(Word(value));

    private static string Word(object value)
    {
        var name = value.ToString()!;
        return char.ToLower(name[0], CultureInfo.InvariantCulture) + name[1..];
    }
}
