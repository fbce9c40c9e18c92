using Edge.Messages.Book;

namespace Edge.Cluster.Members;

/// <summary>What became of a write to a device. Closed: these are all.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>The device took it.</summary>
    public sealed record Written : WriteOutcome
    {
        /// <summary>The only one.</summary>
        public static Written Instance { get; } = new();
    }

    /// <summary>Nothing was sent: this member's lease is over. Its actors stop; another member may write already.</summary>
    /// <param name="Member">The member.</param>
    public sealed record LeaseOver(string Member) : WriteOutcome;

    /// <summary>Nothing was sent: the book places the actor otherwise than the writer believes.</summary>
    /// <param name="Held">Epoch of the writer.</param>
    /// <param name="Current">Epoch in the book as far as this node has applied it; null if the actor has no place.</param>
    public sealed record NotOwner(Epoch Held, Epoch? Current) : WriteOutcome;

    /// <summary>The write took longer than the limit and was aborted. The device may have taken it, or part of it.</summary>
    /// <param name="Limit">The limit.</param>
    public sealed record TimedOut(TimeSpan Limit) : WriteOutcome;

    /// <summary>The connection failed. The device may have taken it, or part of it.</summary>
    /// <param name="Cause">What failed.</param>
    public sealed record Failed(Exception Cause) : WriteOutcome;
}
