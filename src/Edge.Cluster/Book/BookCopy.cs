namespace Edge.Cluster.Book;

/// <summary>What a node found of the book on its own disk.</summary>
public abstract record BookCopy
{
    private BookCopy()
    {
    }

    /// <summary>No copy was kept yet.</summary>
    public sealed record Missing : BookCopy;

    /// <summary>There is a file, and it is not what was written. It is not used; the book comes from the site again, and the next copy replaces it.</summary>
    /// <param name="Reason">Which file, what is wrong with it, what happens next.</param>
    public sealed record Damaged(string Reason) : BookCopy;

    /// <summary>The last copy.</summary>
    /// <param name="State">The book as it was then.</param>
    public sealed record Kept(BookState State) : BookCopy;
}
