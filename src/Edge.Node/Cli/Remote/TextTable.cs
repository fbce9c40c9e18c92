namespace Edge.Node.Cli.Remote;

/// <summary>Rows under headings, columns aligned by blanks: for eyes, and for awk. An empty cell is shown as '-'.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => string.IsNullOrEmpty(cell) ? "-" : cell)]);

    /// <summary>A sentence below the table.</summary>
    public string? Note { get; init; }

    public void Write(TextWriter output)
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        foreach (var row in _rows.Prepend(headings)) output.WriteLine(Line(row, widths));
        if (Note is not null) output.WriteLine(Note);
    }

    private static string Line(string[] row, int[] widths) => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
}
