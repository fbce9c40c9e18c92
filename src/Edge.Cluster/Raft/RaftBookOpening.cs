namespace Edge.Cluster.Raft;

/// <summary>What became of opening a log.</summary>
public abstract record RaftBookOpening
{
    private RaftBookOpening()
    {
    }

    /// <summary>It is open and takes part.</summary>
    public sealed record Opened(RaftBook Book) : RaftBookOpening;

    /// <summary>There is no log in the folder: this node follows.</summary>
    public sealed record Absent : RaftBookOpening;

    /// <summary>
    /// The log cannot be trusted: a checksum does not match, or a part is missing. It was closed and not changed. Set the folder aside and rejoin as a new voter: removed, emptied, added.
    /// </summary>
    public sealed record Damaged(string Reason) : RaftBookOpening;
}
