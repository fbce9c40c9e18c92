using System.Diagnostics.Metrics;

namespace Edge.Node.LocalRun;

/// <summary>Counts the uses outside the grants of one module while it is kept, by listening to the counter that the node would report.</summary>
internal sealed class DenialTally : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly string _module;

    public DenialTally(string module)
    {
        _module = module;
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "edge.module.denied") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => Add(count, tags));
        _listener.Start();
    }

    /// <summary>One line a capability that was overstepped.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_counts) return [.. _counts.Select(count => $"Denied {count.Value} times: what is outside the grants of '{count.Key}'.")];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(long count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? module = null, capability = null;
        foreach (var (name, value) in tags)
        {
            if (name == "module") module = value as string;
            if (name == "capability") capability = value as string;
        }
        if (module != _module || capability is null) return;
        lock (_counts) _counts[capability] = _counts.GetValueOrDefault(capability) + count;
    }
}
