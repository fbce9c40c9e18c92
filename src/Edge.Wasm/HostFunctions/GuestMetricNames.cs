using System.Collections.Concurrent;

namespace Edge.Wasm.HostFunctions;

/// <summary>
/// The metric names that guests of this node use, at most <see cref="Most"/> for one module over all its instances: a guest that makes names up must not fill
/// the node's telemetry. A name once used stays allowed until the node ends.
/// </summary>
internal sealed class GuestMetricNames
{
    /// <summary>Names that one module may use.</summary>
    public const int Most = 32;

    private readonly ConcurrentDictionary<(string Tenant, string Module), HashSet<string>> _names = new();

    /// <summary>False when it would be one name too many. Any thread.</summary>
    public bool TryUse(string tenant, string module, string name)
    {
        var names = _names.GetOrAdd((tenant, module), static _ => new(StringComparer.Ordinal));
        lock (names) return names.Contains(name) || (names.Count < Most && names.Add(name));
    }
}
