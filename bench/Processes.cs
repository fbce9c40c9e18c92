using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Edge.Bench;

/// <summary>What the kernel says of processes, and ports for them.</summary>
internal static class Processes
{
    /// <summary>Resident memory in MB.</summary>
    public static double ResidentMb(int id) => Kilobytes($"/proc/{id}/status", "VmRSS:") / 1024.0;

    /// <summary>Proportional memory in MB: pages shared with other processes count by share.</summary>
    public static double ProportionalMb(int id) => Kilobytes($"/proc/{id}/smaps_rollup", "Pss:") / 1024.0;

    /// <summary>Processor seconds used so far.</summary>
    public static double CpuSeconds(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>A loopback port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static long Kilobytes(string file, string name) => File.ReadLines(file)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture)).First();
}
