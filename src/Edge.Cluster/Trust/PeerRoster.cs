using Edge.Cluster.Book;

namespace Edge.Cluster.Trust;

/// <summary>
/// What this node knows now about who is of the site: the book's nodes, and the names in the Raft log's own list of voters. The second is asked when the first does not list a name, because a
/// voter that restarts has its list of voters at once and the newest part of the book only after it has talked to the others. Thread-safe if the two functions are.
/// </summary>
/// <param name="book">The book as applied here.</param>
/// <param name="isVoter">Whether a name is in the log's list of voters; on a follower the book's.</param>
public sealed class PeerRoster(Func<BookState> book, Func<string, bool> isVoter)
{
    /// <summary>A follower's roster: the book says it all.</summary>
    public static PeerRoster Of(Func<BookState> book) => new(book, name => book().Voters.Contains(name));

    /// <summary>What is known of a node.</summary>
    public RosterEntry Find(string name)
    {
        var state = book();
        return state.Nodes.TryGetValue(name, out var node) ? new RosterEntry.Listed(node.KeyFingerprint.Memory)
            : state.Site is null || isVoter(name) ? new RosterEntry.NotKnownYet()
            : new RosterEntry.Unlisted();
    }

    /// <summary>Whether the named node holds the book's vote, so that it may speak Raft here.</summary>
    public bool IsVoter(string name) => isVoter(name);
}

/// <summary>What the roster says of a name.</summary>
public abstract record RosterEntry
{
    private RosterEntry()
    {
    }

    /// <summary>Admitted, with this key.</summary>
    public sealed record Listed(ReadOnlyMemory<byte> KeyFingerprint) : RosterEntry;

    /// <summary>Not of the site.</summary>
    public sealed record Unlisted : RosterEntry;

    /// <summary>The book here is empty or behind: the CA and the name must do until it has arrived.</summary>
    public sealed record NotKnownYet : RosterEntry;
}
