namespace Edge.Wasm.Capabilities;

/// <summary>May publish (<c>publish</c>) to the topics of its tenant that match a filter.</summary>
/// <param name="Filter">An MQTT topic filter (MQTT 5 §4.7), not beginning with <c>$</c>.</param>
public sealed record PublishCapability(string Filter) : Capability
{
    private const string Verb = "pub";

    /// <inheritdoc/>
    public override string Kind => "mqtt";

    internal static Capability? Parse(string? rest, out string problem)
    {
        problem = "";
        var colon = rest?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var (verb, filter) = colon < 0 ? (rest ?? "", "") : (rest![..colon], rest[(colon + 1)..]);
        if (verb != Verb) problem = CapabilityGrammar.UnknownWord("verb", verb, Verb);
        else if (!PublishTopics.IsFilter(filter))
            problem = $"has the topic filter '{filter}'; allowed is 1 to 65535 bytes, '#' only as the last level, '+' only as a whole level, and no '$' at the beginning.";
        return problem.Length == 0 ? new PublishCapability(filter) : null;
    }

    /// <inheritdoc/>
    public override bool Covers(Capability asked) => asked is PublishCapability other && PublishTopics.Covers(Filter, other.Filter);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}:{Verb}:{Filter}";
}
