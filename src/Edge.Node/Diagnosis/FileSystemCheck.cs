namespace Edge.Node.Diagnosis;

/// <summary>What is written to the data folder outlives a power cut: it is on no file system that lives in memory or in a container's own layer.</summary>
internal sealed class FileSystemCheck(string folder, string root) : ICheck
{
    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        var (mount, type) = MountOf(File.ReadLines(Path.Combine(root, "proc/self/mountinfo")), folder);
        yield return type switch
        {
            "tmpfs" or "ramfs" => Finding.Failed("durability", $"{folder} is on {type} ({mount}): everything is gone after a restart of the machine.", "Name a folder on a disk with --data."),
            "overlay" => Finding.Warning("durability", $"{folder} is on an overlay ({mount}): a read-only system's or a container's upper layer may be thrown away.", "Mount a volume or a data partition, and name it with --data."),
            "nfs" or "nfs4" or "cifs" or "fuse.sshfs" => Finding.Warning("durability", $"{folder} is on {type} ({mount}): syncs depend on another machine.", "Name a folder on a local disk with --data."),
            _ => Finding.Ok("durability", $"{type} ({mount})"),
        };
    }

    /// <summary>The mount that a path is on: the longest mount point that it is below, the later of two.</summary>
    internal static (string Mount, string Type) MountOf(IEnumerable<string> mountInfo, string path)
    {
        var best = ("/", "unknown");
        foreach (var line in mountInfo)
        {
            // 36 35 98:0 /root /mount/point options … - type source …
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-");
            var mount = words[4].Replace("\\040", " ", StringComparison.Ordinal);
            var isAbove = mount == "/" || path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);
            if (isAbove && dash > 0 && mount.Length >= best.Item1.Length)
                best = (mount, words[dash + 1]);
        }
        return best;
    }
}
