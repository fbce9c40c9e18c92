using Edge.Wasm.Capabilities;
using Edge.Wasm.Modules;

namespace Edge.Node.LocalRun;

/// <summary>Grants as given on a command line, and what a module lacks among them. Pure.</summary>
internal static class GrantArguments
{
    /// <summary>How each grant is written that imports can need, for messages.</summary>
    private static readonly Dictionary<string, string> Example = new(StringComparer.Ordinal)
    {
        ["clock"] = "clock", ["fs"] = "fs:/data:ro", ["gpio"] = "gpio:virtual0/0:out", ["kv"] = "kv:64KiB", ["log"] = "log",
        ["metric"] = "metric", ["mqtt"] = "mqtt:pub:alarms/#", ["net"] = "net:127.0.0.1:8080", ["random"] = "random",
    };

    /// <summary>The grants, and a sentence for each that is none.</summary>
    public static (CapabilitySet Grants, IReadOnlyList<string> Mistakes) Parse(IEnumerable<string> texts)
    {
        var grants = new List<Capability>();
        var mistakes = new List<string>();
        foreach (var text in texts)
        {
            if (Capability.TryParse(text, out var capability, out var error)) grants.Add(capability!);
            else mistakes.Add(error!);
        }
        return (new CapabilitySet(grants), mistakes);
    }

    /// <summary>One sentence with all the grants that the module's imports need and that were not given; null when none is missing.</summary>
    public static string? Missing(CompiledModule module, string name, CapabilitySet grants)
    {
        var missing = module.MissingGrants(grants);
        if (missing.Count == 0) return null;
        return $"Module '{name}' ({module.Digest.Abbreviated}) imports functions that need the grants {string.Join(", ", missing)}, which were not given. " +
            $"Add {string.Join(' ', missing.Select(word => $"--grant {Write(word)}"))}.";
    }

    /// <summary>How a grant of this word is written, for example.</summary>
    public static string Write(string word) => Example.GetValueOrDefault(word, word);
}
