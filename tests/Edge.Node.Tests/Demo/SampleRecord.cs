using System.Globalization;

namespace Edge.Node.Tests.Demo;

/// <summary>The ECG of samples/data, read by the tests themselves and not by the code that they judge.</summary>
internal static class SampleRecord
{
    /// <summary>Rate of the record.</summary>
    public const int RateHz = 360;

    /// <summary>Path of the file in the source tree.</summary>
    public static string Path { get; } = System.IO.Path.Combine(SourceTree(), "samples", "data", "ecg-mitbih-208.csv");

    /// <summary>All samples in millivolts, by the formula in the file's first line.</summary>
    public static double[] Millivolts() =>
        [.. File.ReadLines(Path).Skip(2).Select(line => (int.Parse(line, CultureInfo.InvariantCulture) - 1024) / 200.0)];

    private static string SourceTree()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Edge.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No Edge.sln above {AppContext.BaseDirectory}; run the tests inside the source tree.");
        return folder.FullName;
    }
}
