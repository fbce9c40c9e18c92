using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Topics;
using Edge.Wasm.Capabilities;

namespace Edge.Node.Configuration.Checks;

/// <summary>
/// Finds channels that feed themselves, directly or through others of their tenant: from the first reading on such a node would be busy for ever. An output
/// feeds a channel if some topic that it may have matches the source's filter; a key from a payload counts as any text, and a module's grant to publish as every topic of its filter.
/// </summary>
internal static class LoopCheck
{
    private sealed record Output(Declared<ChannelManifest> From, Declared<ChannelManifest> To, string Field, string Topic, Place Place);

    public static void Run(DeclaredSite site, Findings findings)
    {
        foreach (var tenant in site.Channels.Where(channel => channel.Spec.Source?.Topic is not null).GroupBy(channel => channel.Tenant))
        {
            (Declared<ChannelManifest> Channel, TopicPattern Topics)[] sources = [.. tenant.Select(channel => (channel, TopicPattern.OfFilter(channel.Spec.Source!.Topic!)))];
            var grants = site.Modules.Where(module => module.Tenant == tenant.Key).ToLookup(module => module.Name, module => module.Spec.Capabilities.OfType<PublishCapability>());
            var outputs = sources.SelectMany(source => OutputsOf(source.Channel, sources, grants[source.Channel.Spec.Module].SelectMany(granted => granted))).ToLookup(output => output.From);
            foreach (var output in outputs.SelectMany(ofChannel => ofChannel)) Check(output, outputs, findings);
        }
    }

    private static void Check(Output output, ILookup<Declared<ChannelManifest>, Output> outputs, Findings findings)
    {
        var (channel, topic) = (output.From.Name, output.From.Spec.Source!.Topic);
        if (output.From == output.To)
            findings.Add(output.Place, $"{output.Field} is '{output.Topic}', which feeds channel '{channel}' itself: its source is '{topic}'. Choose a topic outside of it.");
        else if (WayBack(output, outputs) is { } way)
            findings.Add(output.Place, $"{output.Field} is '{output.Topic}', which feeds channel '{channel}' again by way of {string.Join(", ", way.Select(name => $"'{name}'"))}. Choose a topic that ends the circle.");
    }

    private static IEnumerable<Output> OutputsOf(
        Declared<ChannelManifest> from, (Declared<ChannelManifest> Channel, TopicPattern Topics)[] sources, IEnumerable<PublishCapability> grants)
    {
        var source = from.Spec.Source!;
        foreach (var (port, spec) in from.Spec.Ports)
        {
            if (spec.Topic is null) continue;
            var topics = TopicPattern.OfTemplate(spec.Topic, source.Topic!, source.Key?.TopicLevel);
            foreach (var to in sources.Where(to => topics.Overlaps(to.Topics)))
                yield return new(from, to.Channel, $"spec.ports.{port}.topic", spec.Topic, from.At("ports", port, "topic"));
        }
        foreach (var grant in grants)
        {
            foreach (var to in sources.Where(to => TopicPattern.OfFilter(grant.Filter).Overlaps(to.Topics)))
                yield return new(from, to.Channel, $"The publish filter of module '{from.Spec.Module}'", grant.Filter, from.At("module"));
        }
        if (from.Spec.DeadLetters?.Topic is not { } dead) yield break;
        foreach (var to in sources.Where(to => TopicPattern.OfFilter(dead).Overlaps(to.Topics)))
            yield return new(from, to.Channel, "spec.deadLetters.topic", dead, from.At("deadLetters", "topic"));
    }

    // Breadth first from the fed channel to the feeding one; names of the channels on the way, or null.
    private static List<string?>? WayBack(Output first, ILookup<Declared<ChannelManifest>, Output> outputs)
    {
        var cameFrom = new Dictionary<Declared<ChannelManifest>, Declared<ChannelManifest>> { [first.To] = first.From };
        var next = new Queue<Declared<ChannelManifest>>([first.To]);
        while (next.TryDequeue(out var channel))
        {
            foreach (var to in outputs[channel].Select(output => output.To))
            {
                if (to == first.From) return Way(channel, first.From, cameFrom);
                if (cameFrom.TryAdd(to, channel)) next.Enqueue(to);
            }
        }
        return null;
    }

    private static List<string?> Way(Declared<ChannelManifest> last, Declared<ChannelManifest> begin, Dictionary<Declared<ChannelManifest>, Declared<ChannelManifest>> cameFrom)
    {
        var way = new List<string?>();
        for (var channel = last; channel != begin; channel = cameFrom[channel]) way.Insert(0, channel.Name);
        return way;
    }
}
