using System.Globalization;

namespace Edge.Cluster.Book;

/// <summary>
/// Names an intake log: the node that keeps it, and the book index at which that node was admitted. A node that lost its disk comes back under its old name with a new log whose
/// sequences begin again; cursors of the old one must never be taken for cursors of the new.
/// </summary>
/// <param name="Node">The node; a DNS label, so it has no '.'.</param>
/// <param name="Admitted">Index of its admission.</param>
public readonly record struct LogName(string Node, ulong Admitted)
{
    /// <summary><c>node.index</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Node}.{Admitted}");

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string text, out LogName name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.LastIndexOf('.');
        if (dot > 0 && ulong.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var admitted))
        {
            name = new(text[..dot], admitted);
            return true;
        }

        name = default;
        return false;
    }
}
