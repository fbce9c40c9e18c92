using System.Globalization;

namespace Edge.Node.Diagnosis;

/// <summary>The control group (version 2) leaves enough memory.</summary>
internal sealed class MemoryLimitCheck(string root) : ICheck
{
    private const long Least = 128L << 20;
    private const long Good = 256L << 20;

    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        var bytes = Limit();
        var remedy = $"Raise MemoryMax of the service or the container's memory limit to {Good >> 20} MiB.";
        yield return bytes >= Good ? Finding.Ok("memory limit", bytes == long.MaxValue ? "none" : $"{bytes >> 20} MiB")
            : bytes >= Least ? Finding.Warning("memory limit", $"{bytes >> 20} MiB; a node with modules wants {Good >> 20} MiB or more.", remedy)
            : Finding.Failed("memory limit", $"{bytes >> 20} MiB; {Least >> 20} MiB or more is needed.", remedy);
    }

    // The lowest limit on the way from the process's group to the root counts.
    private long Limit()
    {
        var line = File.ReadLines(Path.Combine(root, "proc/self/cgroup")).FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal));
        var lowest = long.MaxValue;
        for (var group = line?[4..]; group is not null; group = group.Length == 0 ? null : Path.GetDirectoryName(group))
        {
            var file = Path.Combine(root, "sys/fs/cgroup", group, "memory.max");
            if (File.Exists(file) && long.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out var bytes))
                lowest = Math.Min(lowest, bytes);
        }
        return lowest;
    }
}
