namespace Edge.Cluster.Victim;

/// <summary>Where each node is now: one file a node in a folder that all processes of a test site share. It stands for discovery; a node that comes back is somewhere else each time.</summary>
internal sealed class AddressFolder(string path)
{
    /// <summary>Says where this node is.</summary>
    public void Announce(string node, int raftPort, int callPort)
    {
        System.IO.Directory.CreateDirectory(path);
        var aside = Path.Combine(path, $".{node}.{Environment.ProcessId}");
        File.WriteAllText(aside, $"{raftPort} {callPort}");
        File.Move(aside, Path.Combine(path, node), overwrite: true);
    }

    /// <summary>Where a node is, as last announced.</summary>
    public (int RaftPort, int CallPort) Find(string node)
    {
        var file = Path.Combine(path, node);
        if (!File.Exists(file))
            throw new IOException($"{node} has not announced itself in {path}");
        var ports = File.ReadAllText(file).Split(' ');
        return (int.Parse(ports[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(ports[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
