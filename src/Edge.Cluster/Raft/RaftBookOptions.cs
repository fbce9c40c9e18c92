namespace Edge.Cluster.Raft;

/// <summary>How a voter keeps its log.</summary>
/// <param name="Folder">Folder of the log, with everything that a voter must not lose.</param>
/// <param name="Self">Name of this node: its identity as a voter, wherever it is today.</param>
public sealed record RaftBookOptions(string Folder, string Self)
{
    /// <summary>Election times.</summary>
    public RaftTimings Timings { get; init; } = RaftTimings.Default;

    /// <summary>A snapshot is written after so many entries since the last one. Default 4096; at least 16.</summary>
    public int SnapshotEveryEntries { get; init; } = 4096;

    /// <summary>A snapshot is written after so many bytes of entries since the last one. Default 4 MiB. The log on disk stays below about twice this plus two snapshots.</summary>
    public long SnapshotEveryBytes { get; init; } = 4 << 20;

    /// <summary>Size of a log file and largest cost of opening one. Default 1 MiB; a power of two; fixed for the life of a folder.</summary>
    public int ChunkBytes { get; init; } = 1 << 20;

    /// <summary>How long an append or a read looks for a leader with a majority before it says so. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called as entries that a leader sent are about to be written, and what it returns when they are flushed: to time them. From a thread of the log; must be quick. Default: nothing.</summary>
    public Func<Action> Flushing { get; init; } = static () => static () => { };

    /// <summary>Wait between two attempts while there is no leader. Default 50 ms.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(50);
}
