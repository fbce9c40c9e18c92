using System.Text.RegularExpressions;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A name: a DNS label (RFC 1123), so that it can stand in topics, paths, host names and metric tags.</summary>
internal sealed partial class NameAttribute : TextAttribute
{
    private const string Form = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";

    public NameAttribute(string description) : base(description) => LengthMax = 63;

    public override string Allowed => "1–63 of a–z, 0–9 and '-', which neither begins nor ends it";

    protected override string Pattern => Form;

    public static bool IsName(string text) => text.Length is > 0 and <= 63 && Label().IsMatch(text);

    protected override object? Parse(YamlScalar scalar, out string problem)
    {
        problem = "";
        if (IsName(scalar.Text)) return scalar.Text;
        var suggestion = NotInNames().Replace(scalar.Text.ToLowerInvariant(), "-").Trim('-');
        problem = Refusal(scalar, IsName(suggestion) ? $" Write '{suggestion}'." : "");
        return null;
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex("[^a-z0-9-]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();
}
