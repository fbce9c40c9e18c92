using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A dotted path into a JSON object, such as <c>data.values</c>.</summary>
internal sealed class JsonPathAttribute(string description) : TextAttribute(description)
{
    public override string Allowed => "member names separated by dots, such as data.values";

    protected override string Pattern => @"^[^.]+(\.[^.]+)*$";

    protected override object? Parse(YamlScalar scalar, out string problem)
    {
        problem = "";
        if (scalar.Text.StartsWith('$') || scalar.Text.StartsWith('/') || scalar.Text.Contains('['))
            problem = Refusal(scalar, " This is no JSONPath and no JSON Pointer: write the names only.");
        else if (scalar.Text.Split('.').Contains(""))
            problem = Refusal(scalar, " Remove the dot that has no name beside it.");
        else
            return scalar.Text;
        return null;
    }
}
