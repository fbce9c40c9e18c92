namespace Edge.Cluster.Book;

/// <summary>Names of the nodes that a follower may ask for the book: the voters that its book names, then those it heard of otherwise; never itself.</summary>
/// <param name="self">This node's name.</param>
/// <param name="book">The book as applied here.</param>
/// <param name="seeds">Further names.</param>
internal sealed class BookHolders(string self, Func<BookState> book, Func<IReadOnlyList<string>> seeds)
{
    /// <summary>The names now; most likely first, and begun at another one on each node so that followers spread over the voters.</summary>
    public IReadOnlyList<string> Now()
    {
        var voters = book().Voters.Where(name => name != self).ToList();
        var first = voters.Count == 0 ? 0 : self.Sum(letter => letter) % voters.Count;
        return [.. voters.Skip(first).Concat(voters.Take(first)).Concat(seeds().Where(name => name != self)).Distinct(StringComparer.Ordinal)];
    }
}
