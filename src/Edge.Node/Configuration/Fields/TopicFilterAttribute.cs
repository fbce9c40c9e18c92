using Edge.Node.Configuration.Topics;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>An MQTT topic filter (MQTT 5 §4.7) below the tenant's topic space.</summary>
internal sealed class TopicFilterAttribute(string description) : TextAttribute(description)
{
    public override string Allowed => "an MQTT topic filter such as ecg/+/raw or in/#; '+' and '#' fill a whole level, '#' is the last one, no '$' at the beginning";

    protected override string Pattern => @"^(#|(\+|[^+#$/][^+#/]*|)(/(\+|[^+#/]*))*(/#)?)$";

    protected override object? Parse(YamlScalar scalar, out string problem)
    {
        var mistake = TopicSyntax.FilterMistake(scalar.Text);
        problem = mistake is null ? "" : $"is {scalar.Describe()}, {mistake}";
        return mistake is null ? scalar.Text : null;
    }
}
