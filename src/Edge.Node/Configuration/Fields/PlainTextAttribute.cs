using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>Any text without control characters.</summary>
/// <param name="description">What the field does.</param>
/// <param name="allowed">What may be written.</param>
internal sealed class PlainTextAttribute(string description, string allowed) : TextAttribute(description)
{
    public override string Allowed => allowed;

    protected override object? Parse(YamlScalar scalar, out string problem)
    {
        var clean = !scalar.Text.Any(char.IsControl);
        problem = clean ? "" : $"is {scalar.Describe()}, which holds a control character. Remove it.";
        return clean ? scalar.Text : null;
    }
}
