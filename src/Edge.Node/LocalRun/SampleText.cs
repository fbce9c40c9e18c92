using System.Buffers.Binary;
using System.Globalization;
using Edge.Wasm.Instances;

namespace Edge.Node.LocalRun;

/// <summary>Numbers from text: one a line, or a column of lines separated by comma, semicolon or tab. Pure.</summary>
internal static class SampleText
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>The numbers of <paramref name="column"/> (its heading, or its number from 1). Empty lines and lines that begin with # are skipped, and a first line without a number is a heading. Null with the mistake.</summary>
    public static IReadOnlyList<double>? Read(TextReader text, string? column, out string mistake)
    {
        var numbers = new List<double>();
        var index = column is null ? 0 : int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number - 1 : -1;
        var first = true;
        mistake = "";
        for (var lineNumber = 1; text.ReadLine() is { } line; lineNumber++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var fields = line.Split(Separators, StringSplitOptions.TrimEntries);
            var isHeading = first && (index < 0 || index >= fields.Length || !TryNumber(fields[index], out _));
            first = false;
            if (isHeading)
            {
                if (column is not null && index < 0) index = Array.IndexOf(fields, column);
                if (index >= 0 && index < fields.Length) continue;
                mistake = $"There is no column '{column}'; columns are {string.Join(", ", fields)}, or their numbers from 1.";
                return null;
            }
            if (index >= fields.Length || !TryNumber(fields[index], out var value))
            {
                mistake = $"Line {lineNumber} has no number{(column is null ? "" : $" in column '{column}'")}: '{line}'.";
                return null;
            }
            numbers.Add(value);
        }
        if (numbers.Count == 0) mistake = "The input has no numbers.";
        return numbers.Count == 0 ? null : numbers;
    }

    /// <summary>The numbers as little-endian samples of a type; for i32 rounded, and at its ends where they are beyond.</summary>
    public static byte[] ToBytes(IReadOnlyList<double> numbers, int start, int count, SampleType type)
    {
        var size = type == SampleType.F64 ? sizeof(double) : sizeof(float);
        var bytes = new byte[count * size];
        for (var i = 0; i < count; i++)
        {
            var value = numbers[start + i];
            var target = bytes.AsSpan(i * size);
            if (type == SampleType.F64) BinaryPrimitives.WriteDoubleLittleEndian(target, value);
            else if (type == SampleType.F32) BinaryPrimitives.WriteSingleLittleEndian(target, (float)value);
            else BinaryPrimitives.WriteInt32LittleEndian(target, (int)Math.Clamp(Math.Round(value), int.MinValue, int.MaxValue));
        }
        return bytes;
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
