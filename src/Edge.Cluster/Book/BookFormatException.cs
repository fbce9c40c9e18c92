namespace Edge.Cluster.Book;

/// <summary>The book holds what this program does not know. The node stops: a node that guessed would carry another book on than the rest of the site.</summary>
/// <param name="format">Format of the book.</param>
/// <param name="known">Newest format that the program knows.</param>
/// <param name="index">Book index where it was met.</param>
public sealed class BookFormatException(uint format, uint known, ulong index)
    : InvalidOperationException($"The site's book has format {format} (at index {index}); this program knows formats up to {known}. Upgrade edge on this node and start it again; its data stays as it is.")
{
    /// <summary>Format of the book.</summary>
    public uint Format { get; } = format;

    /// <summary>Newest format that the program knows.</summary>
    public uint Known { get; } = known;
}
