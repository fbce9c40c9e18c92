using Edge.Cluster.Book;
using Edge.Cluster.Mirroring;

namespace Edge.Node.Storage.Replicas;

/// <summary>Copies of other nodes' intake logs, one folder for each node below <paramref name="folder"/>. At most as many as the site has nodes. Thread-safe.</summary>
/// <param name="folder">The folder of all copies.</param>
/// <param name="metrics">Shared with the node's own log.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Log.</param>
internal sealed class ReplicaLogs(string folder, StorageMetrics metrics, TimeProvider time, ILogger<IntakeLog> log) : IReplicas, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LogName, ReplicaLog> _open = [];

    /// <inheritdoc/>
    public IReadOnlyList<LogName> Logs => Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(Named)] : [];

    /// <inheritdoc/>
    public IReplica Of(LogName name)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(name, out var replica))
            {
                // Smaller segments than the node's own log: most copies are short, and each takes a spare.
                var options = new IntakeLogOptions(Path.Combine(folder, name.ToString())) { SegmentBytes = 4 << 20, RecentBytes = 256 << 10 };
                _open.Add(name, replica = new ReplicaLog(IntakeLog.Open(options, metrics, time, log)));
            }

            return replica;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var replica in _open.Values) replica.Dispose();
            _open.Clear();
        }
    }

    private static IEnumerable<LogName> Named(string path) => LogName.TryParse(Path.GetFileName(path), out var name) ? [name] : [];
}
