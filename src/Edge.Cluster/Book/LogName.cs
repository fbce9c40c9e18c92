namespace Edge.Cluster.Book;

/// <summary>
/// Names an intake log: the node that keeps it, and a random part that is made with the data folder. A node that lost its disk comes back under its old name with a new log whose
/// sequences begin again; cursors of the old one must never be taken for cursors of the new.
/// </summary>
/// <param name="Node">The node; a DNS label, so it has no '.'.</param>
/// <param name="Birth">Eight hexadecimal digits.</param>
public readonly record struct LogName(string Node, string Birth)
{
    /// <summary><c>node.birth</c>.</summary>
    public override string ToString() => $"{Node}.{Birth}";

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string text, out LogName name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.LastIndexOf('.');
        name = dot > 0 ? new(text[..dot], text[(dot + 1)..]) : default;
        return dot > 0 && name.Birth.Length == 8 && name.Birth.All(char.IsAsciiHexDigitLower);
    }
}
