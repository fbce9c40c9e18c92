using System.Globalization;

namespace Edge.Bench;

/// <summary>Prints a report for people.</summary>
internal static class BenchTable
{
    private static readonly string[] Heads = ["id", "unit", "ours", "peer", "ratio", "goal", "beside"];

    /// <summary>One line a row, numbers to the right.</summary>
    public static void Print(BenchReport report, TextWriter output)
    {
        var lines = new List<string[]> { Heads };
        lines.AddRange(report.Rows.Select(row => (string[])
            [row.Id, row.Unit, Number(row.Ours), Number(row.Peer), Ratio(row.Ratio), row.Goal ?? "", row.PeerName]));
        var widths = Enumerable.Range(0, Heads.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        output.WriteLine($"{report.Name} on {report.Machine}");
        foreach (var line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, i) => i is >= 2 and <= 4 ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
    }

    private static string Number(double? value) => value switch
    {
        null => "–",
        >= 1000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private static string Ratio(double? value) => value is { } known ? known.ToString("0.00", CultureInfo.InvariantCulture) + "x" : "–";
}
