using Edge.Node.Configuration.Topics;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>A topic to publish to, with placeholders if <see cref="Placeholders"/>.</summary>
internal sealed class TopicTemplateAttribute(string description) : TextAttribute(description)
{
    /// <summary>Whether <c>{key}</c>, <c>{topic}</c> and <c>{topic.N}</c> may stand in it.</summary>
    public bool Placeholders { get; init; } = true;

    public override string Allowed => Placeholders
        ? "an MQTT topic without wildcards such as ecg/{key}/beats; {key}, {topic} and {topic.N} are filled in"
        : "an MQTT topic without wildcards and placeholders";

    protected override string Pattern => Placeholders ? @"^([^$+#{}]|\{(key|topic|topic\.[0-9]+)\})([^+#{}]|\{(key|topic|topic\.[0-9]+)\})*$" : "^[^$+#{}][^+#{}]*$";

    protected override object? Parse(YamlScalar scalar, out string problem)
    {
        var mistake = TopicSyntax.TemplateMistake(scalar.Text, Placeholders);
        problem = mistake is null ? "" : $"is {scalar.Describe()}, {mistake}";
        return mistake is null ? scalar.Text : null;
    }
}
