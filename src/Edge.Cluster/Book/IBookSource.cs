using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Book;

/// <summary>Nodes that hold the book, as a follower reaches them: by name, which the other side's certificate must carry. Thread-safe.</summary>
public interface IBookSource
{
    /// <summary>The book as it grows, until the other side ends it. (0, 0) asks for all of it. A snapshot comes whole; its parts come before it, as signs of life.</summary>
    /// <param name="node">Whom to follow.</param>
    /// <param name="after">Index that the caller has.</param>
    /// <param name="incarnation">Incarnation that the index belongs to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BookUnavailableException">The node cannot be reached, or broke off; the message is for people.</exception>
    IAsyncEnumerable<BookFrame> FollowAsync(string node, ulong after, uint incarnation, CancellationToken cancellation);

    /// <summary>Asks a node to append; it does if it leads, else it says who does.</summary>
    /// <exception cref="BookUnavailableException">No answer; the command may have been carried out.</exception>
    Task<AppendReply> AppendAsync(string node, BookCommand command, CancellationToken cancellation);

    /// <summary>Asks a node for the index of a linearizable read; it gives one if it leads, else it says who does.</summary>
    /// <exception cref="BookUnavailableException">No answer.</exception>
    Task<BarrierReply> BarrierAsync(string node, CancellationToken cancellation);
}
