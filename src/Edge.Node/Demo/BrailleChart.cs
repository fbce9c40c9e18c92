using System.Text;

namespace Edge.Node.Demo;

/// <summary>Draws a signal as text in braille characters, 2 × 4 dots a character. Pure.</summary>
internal static class BrailleChart
{
    // Bits of U+2800's dots by column and row (Unicode, "Braille Patterns").
    private static readonly byte[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>Lines of <paramref name="width"/> characters; the newest sample is at the right edge, and the range fits the signal.</summary>
    /// <param name="samples">Oldest first.</param>
    /// <param name="span">Samples that the whole width stands for.</param>
    /// <param name="width">Characters.</param>
    /// <param name="height">Lines.</param>
    public static IReadOnlyList<string> Draw(ReadOnlySpan<double> samples, int span, int width, int height)
    {
        var cells = new byte[height, width];
        if (samples.Length > span) samples = samples[^span..];
        if (samples.Length > 0) Plot(samples, span, cells);
        var lines = new string[height];
        var line = new StringBuilder(width);
        for (var y = 0; y < height; y++)
        {
            line.Clear();
            for (var x = 0; x < width; x++) line.Append((char)(0x2800 + cells[y, x]));
            lines[y] = line.ToString();
        }
        return lines;
    }

    private static void Plot(ReadOnlySpan<double> samples, int span, byte[,] cells)
    {
        var (low, high) = Range(samples);
        int dotsWide = cells.GetLength(1) * 2, dotsHigh = cells.GetLength(0) * 4;
        var offset = span - samples.Length;
        var previous = Row(samples[0], low, high, dotsHigh);
        for (var i = 0; i < samples.Length; i++)
        {
            var x = (int)((long)(i + offset) * dotsWide / span);
            var y = Row(samples[i], low, high, dotsHigh);
            // The line between neighbours is drawn too: a beat's spike is steeper than one dot a sample.
            for (var dot = Math.Min(previous, y); dot <= Math.Max(previous, y); dot++) cells[dot / 4, x / 2] |= Dots[x % 2, dot % 4];
            previous = y;
        }
    }

    private static int Row(double value, double low, double high, int dotsHigh) =>
        high <= low ? dotsHigh / 2 : Math.Clamp((int)((high - value) / (high - low) * (dotsHigh - 1)), 0, dotsHigh - 1);

    private static (double Low, double High) Range(ReadOnlySpan<double> samples)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var sample in samples)
        {
            low = Math.Min(low, sample);
            high = Math.Max(high, sample);
        }
        return (low, high);
    }
}
