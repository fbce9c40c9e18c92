using Edge.Messages.Spelling;

namespace Edge.Wasm.Capabilities;

/// <summary>
/// The table of the grammar: for each kind its parser and how it is written. A parser gets what follows <c>kind:</c> (null where
/// nothing does) and either returns the capability or says what is wrong as the rest of a sentence.
/// </summary>
internal static class CapabilityGrammar
{
    private delegate Capability? Parser(string? rest, out string problem);

    private static readonly SortedDictionary<string, (string Form, Parser Parse)> Kinds = new(StringComparer.Ordinal)
    {
        ["clock"] = ("clock or clock:offset=2h,drift=5ms", ClockCapability.Parse),
        ["fs"] = ("fs:/folder:ro, fs:/folder:rw or fs", FileCapability.Parse),
        ["gpio"] = ("gpio:gpiochip0/17:in or gpio:gpiochip0/17:out", GpioCapability.Parse),
        ["kv"] = ("kv:64KiB", KvCapability.Parse),
        ["log"] = ("log", (string? rest, out string problem) => Bare(rest, new LogCapability(), out problem)),
        ["metric"] = ("metric", (string? rest, out string problem) => Bare(rest, new MetricCapability(), out problem)),
        ["mqtt"] = ("mqtt:pub:alarms/#", PublishCapability.Parse),
        ["net"] = ("net:host:port", NetCapability.Parse),
        ["random"] = ("random", (string? rest, out string problem) => Bare(rest, new RandomCapability(), out problem)),
    };

    public static Capability? Read(string text, out string? error)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        if (!Kinds.TryGetValue(kind, out var entry))
        {
            error = $"Capability '{text}' is of the unknown kind '{kind}'; allowed are {string.Join(", ", Kinds.Keys)}.{NearestName.Hint(kind, Kinds.Keys)}";
            return null;
        }
        var capability = entry.Parse(rest, out var problem);
        error = capability is null ? $"Capability '{text}' {problem} Write {entry.Form}." : null;
        return capability;
    }

    /// <summary>The word of <paramref name="allowed"/> that <paramref name="word"/> is, or the problem with the nearest word.</summary>
    public static string UnknownWord(string what, string word, params string[] allowed) =>
        $"has the unknown {what} '{word}'; allowed are {string.Join(", ", allowed)}.{NearestName.Hint(word, allowed)}";

    private static Capability? Bare(string? rest, Capability capability, out string problem)
    {
        problem = rest is null ? "" : $"takes nothing after '{capability.Kind}', but has '{rest}'.";
        return rest is null ? capability : null;
    }
}
