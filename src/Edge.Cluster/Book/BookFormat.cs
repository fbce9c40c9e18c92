using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>
/// The book's formats. A format is the set of commands and fields that a program must know to carry the book on exactly as all others do. A program that adds a command or gives a
/// field a new meaning raises <see cref="Current"/>, and writes such a command only with its <c>format</c> set and after <c>RaiseFormat</c>: until then old programs still follow.
/// </summary>
public static class BookFormat
{
    /// <summary>The first format; a site record without one has this.</summary>
    public const uint First = 1;

    /// <summary>The newest format that this program knows. A node tells the site as <c>format_max</c>.</summary>
    public const uint Current = 1;

    /// <summary>Throws when the book needs a newer program.</summary>
    /// <exception cref="BookFormatException"><paramref name="format"/> is above <paramref name="known"/>.</exception>
    internal static void Require(uint format, ulong index, uint known)
    {
        if (format > known)
            throw new BookFormatException(format, known, index);
    }

    /// <summary>Format of a site's book.</summary>
    internal static uint Of(SiteRecord? site) => Math.Max(First, site?.Format ?? First);
}
