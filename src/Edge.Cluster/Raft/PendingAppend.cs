using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Raft;

/// <summary>
/// Rides along with an entry from append to apply on the leader and takes the outcome. The library keeps it by index, so after a change of leaders it may meet another command there: the request id tells.
/// </summary>
internal sealed class PendingAppend(ByteString requestId)
{
    /// <summary>What became of the command; null until it was applied, and for ever if another command took its index.</summary>
    public BookOutcome? Outcome { get; private set; }

    public void Applied(BookCommand command, BookOutcome outcome)
    {
        if (command.RequestId.Equals(requestId))
        {
            Outcome = outcome;
        }
    }
}
