using System.Globalization;

namespace Edge.Node.Demo;

/// <summary>
/// A recorded ECG: the recorder's numbers at <see cref="RateHz"/> samples per second. The file is text: a line with source and licence, the line
/// <c>raw</c>, then one number a line.
/// </summary>
internal sealed record EcgRecord(IReadOnlyList<short> Samples)
{
    /// <summary>Samples per second of the MIT-BIH database.</summary>
    public const int RateHz = 360;

    /// <summary>The recorder's number for 0 mV.</summary>
    public const int Zero = 1024;

    /// <summary>The recorder's numbers per millivolt.</summary>
    public const double PerMillivolt = 200;

    /// <summary>Reads a record.</summary>
    /// <exception cref="DemoException">The file is missing, empty, or a line is no number; the message says which.</exception>
    public static EcgRecord Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new DemoException($"Cannot read the ECG record '{path}': {missing.Message} It is installed beside the edge binary, in samples/data.");
        }
        var samples = new List<short>(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            if (i == 0 && lines[i].StartsWith('#') || lines[i] is "raw" or "") continue;
            if (!short.TryParse(lines[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sample))
                throw new DemoException($"{path}:{i + 1} '{lines[i]}' is no sample; a line holds one whole number.");
            samples.Add(sample);
        }
        return samples.Count > 0 ? new EcgRecord(samples) : throw new DemoException($"The ECG record '{path}' holds no samples.");
    }

    /// <summary>A sample in millivolts.</summary>
    public static double Millivolts(short raw) => (raw - Zero) / PerMillivolt;
}
