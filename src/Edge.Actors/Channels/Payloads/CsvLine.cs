namespace Edge.Actors.Channels.Payloads;

/// <summary>One line of comma-separated values: a column may be in double quotes; a line end at the end is ignored.</summary>
internal static class CsvLine
{
    /// <summary>Takes the next column off <paramref name="rest"/>. False after the last one.</summary>
    public static bool Next(scoped ref ReadOnlySpan<byte> rest, scoped ref bool ended, out ReadOnlySpan<byte> column)
    {
        column = default;
        if (ended) return false;
        var end = rest.Length > 0 && rest[0] == '"' && rest[1..].IndexOf((byte)'"') is >= 0 and var close
            ? AfterQuote(rest, close + 2)
            : rest.IndexOf((byte)',');
        ended = end < 0;
        column = Bare(ended ? rest : rest[..end]);
        rest = ended ? default : rest[(end + 1)..];
        return true;
    }

    /// <summary>The column with this zero-based number. False when the line is shorter.</summary>
    public static bool TryColumn(ReadOnlySpan<byte> line, int number, out ReadOnlySpan<byte> column)
    {
        var rest = line;
        var ended = false;
        for (var i = 0; Next(ref rest, ref ended, out var found); i++)
        {
            if (i < number) continue;
            column = found;
            return true;
        }

        column = default;
        return false;
    }

    private static int AfterQuote(ReadOnlySpan<byte> rest, int from) => rest[from..].IndexOf((byte)',') is >= 0 and var comma ? from + comma : -1;

    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> column)
    {
        column = column.Trim(" \t\r\n"u8);
        return column.Length >= 2 && column[0] == '"' && column[^1] == '"' ? column[1..^1] : column;
    }
}
