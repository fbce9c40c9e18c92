using System.Globalization;

namespace Edge.Wasm.Native;

/// <summary>
/// How many live instances the kernel's limit of memory maps allows. An instance of a module with data takes 4 (measured: before, in and behind its copy-on-write data, and the reserved rest).
/// At the limit the .NET runtime itself dies, so instances are refused long before.
/// </summary>
internal static class MemoryMaps
{
    private const int PerInstance = 4;

    /// <summary>What the rest of the process may use: files, stacks, the collector's regions, compiled modules.</summary>
    private const int Reserved = 8_192;

    private const string Limit = "/proc/sys/vm/max_map_count";

    /// <summary>The kernel's limit; null where it has none.</summary>
    public static int? ReadLimit() =>
        File.Exists(Limit) && int.TryParse(File.ReadAllText(Limit), NumberStyles.None, CultureInfo.InvariantCulture, out var maps) ? maps : null;

    /// <summary>Instances under a limit of <paramref name="maps"/>: with the usual 65 530 they are 14 334.</summary>
    public static int InstancesMax(int? maps) => maps is { } limit ? Math.Max(1, (limit - Reserved) / PerInstance) : int.MaxValue;
}
