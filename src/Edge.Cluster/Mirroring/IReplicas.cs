using Edge.Cluster.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Mirroring;

/// <summary>Copies of other nodes' intake logs on this node's disk, each opened at its first use. Thread-safe.</summary>
public interface IReplicas
{
    /// <summary>Logs that a copy is kept of.</summary>
    IReadOnlyList<LogName> Logs { get; }

    /// <summary>The copy of a log; begun if there is none.</summary>
    /// <exception cref="IOException">Its folder cannot be opened.</exception>
    IReplica Of(LogName log);
}

/// <summary>The copy of one node's intake log: those readings whose channels want to survive that node's disk. Thread-safe; appends come from one caller at a time.</summary>
public interface IReplica
{
    /// <summary>Every wanted reading up to this sequence of the copied log is here, as far as this process knows; 0 after a start until the owner said so.</summary>
    long UpTo { get; }

    /// <summary>Last sequence that is held; 0 for none.</summary>
    long Last { get; }

    /// <summary>
    /// Takes readings in the order of their sequences and completes when they are on stable storage; those that are here already are skipped.
    /// </summary>
    /// <exception cref="IOException">They are not: disk full, cap reached, or a failed sync. The sender must not acknowledge.</exception>
    Task AppendAsync(IReadOnlyList<LoggedReading> readings, long upTo);

    /// <summary>Up to <paramref name="max"/> readings after a sequence of the copied log, in order.</summary>
    IReadOnlyList<LoggedReading> Read(long after, int max);

    /// <summary>Lets go of everything up to and including a sequence of the copied log.</summary>
    void Trim(long sequence);
}
