using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>
/// The site's replicated, durable record as a node sees it; as thin as etcd's API (append, read barrier, leadership, watch), so that the log below can be replaced.
/// Two kinds of it: a voter holds the log, a follower receives the book as a stream. Thread-safe.
/// </summary>
public interface IBook
{
    /// <summary>What this node has applied. May be behind the site; never goes back within one incarnation.</summary>
    BookState Current { get; }

    /// <summary>Whether this node leads and holds the leader's lease now: what it decides, it may commit.</summary>
    BookLeadership Leadership { get; }

    /// <summary>
    /// Called after each applied command, in order, with the state before and after; on the applying thread, so it must be quick. A snapshot that was received counts as one change.
    /// Dispose what comes back to end it.
    /// </summary>
    IDisposable Watch(Action<BookChange> onChange);

    /// <summary>
    /// Appends a command, wherever the leader is, and returns what became of it once it is durable on a majority and applied here. Safe to call again with the same request id.
    /// </summary>
    /// <exception cref="BookUnavailableException">No leader answered in time. The command may still be carried out: ask again with the same request id.</exception>
    Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation);

    /// <summary>A linearizable read: the state holds every command that was answered before the call.</summary>
    /// <exception cref="BookUnavailableException">No majority answered in time.</exception>
    Task<BookState> ReadAsync(CancellationToken cancellation);
}

/// <summary>A command, and the states around it.</summary>
/// <param name="Before">State before.</param>
/// <param name="After">State after.</param>
/// <param name="Command">The command; null when a snapshot replaced the state.</param>
public sealed record BookChange(BookState Before, BookState After, BookCommand? Command);

/// <summary>Who leads.</summary>
/// <param name="Leads">This node leads and its lease as a leader is valid.</param>
/// <param name="Term">Term of the log; 0 for a follower.</param>
/// <param name="Leader">Name of the leading node as far as this one knows; empty if it knows none.</param>
public sealed record BookLeadership(bool Leads, long Term, string Leader);

/// <summary>The book cannot be written or read linearizably now: no leader, or no majority. The message says who was asked and what to do.</summary>
public sealed class BookUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
