namespace Edge.Cluster.Book;

/// <summary>Bounds of what the book keeps, the same on every node: they are part of the book's format.</summary>
public static class BookLimits
{
    /// <summary>Answers that are remembered for commands that come a second time. At the bound the oldest is forgotten; a command repeated after that would be carried out again.</summary>
    public const int Remembered = 1024;

    /// <summary>Audit entries. At the bound the oldest goes.</summary>
    public const int Audit = 10_000;

    /// <summary>Refusals in one answer; the last one then says how many more there are.</summary>
    public const int Refusals = 100;

    /// <summary>Longest request id, in bytes.</summary>
    public const int RequestIdBytes = 64;

    /// <summary>Most voters. The Raft library commits without a majority above three.</summary>
    public const int Voters = 3;

    /// <summary>How long an expired token is still kept, so that a late joiner reads "expired" and not "unknown". Swept when the next token is issued. 7 days.</summary>
    public static readonly TimeSpan ExpiredTokens = TimeSpan.FromDays(7);
}
