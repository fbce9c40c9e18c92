using System.Text.RegularExpressions;
using Edge.Actors.Channels;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A node's label and its value, <c>name=value</c>.</summary>
internal sealed partial class LabelAttribute : TextAttribute
{
    private const string Form = "^[a-z0-9]([a-z0-9._/-]*[a-z0-9])?=[A-Za-z0-9._-]+$";

    public LabelAttribute(string description) : base(description) => LengthMax = 127;

    public override string Allowed => "name=value such as arch=arm64; the name of a–z, 0–9, '-', '_', '.' and '/', the value also of A–Z";

    protected override string Pattern => Form;

    protected override object? Parse(YamlScalar scalar, out string problem)
    {
        problem = Written().IsMatch(scalar.Text) ? "" : Refusal(scalar);
        return problem.Length == 0 && scalar.Text.Split('=') is [var name, var value] ? new Label(name, value) : null;
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9._/-]*[a-z0-9])?=[A-Za-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
