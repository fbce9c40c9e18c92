using System.Runtime.InteropServices;

namespace Edge.Bench;

/// <summary>Where a benchmark runs: a figure without it says little.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, memory, kernel, runtime and the load at the start.</summary>
    public static string Describe()
    {
        var model = FirstValue("/proc/cpuinfo", "model name") ?? FirstValue("/proc/cpuinfo", "Model") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = FirstValue("/proc/meminfo", "MemTotal") is { } total ? $"{long.Parse(total.Split(' ')[0], null) >> 20} GiB" : "? GiB";
        return $"{model}, {Environment.ProcessorCount} cores, {memory}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load {Load()}";
    }

    /// <summary>Mean number of tasks that ran or wanted to in the last minute.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    private static string? FirstValue(string file, string name) => !File.Exists(file) ? null : File.ReadLines(file)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':') + 1)..].Trim()).FirstOrDefault();
}
