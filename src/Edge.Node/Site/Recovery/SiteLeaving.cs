using Edge.Cluster.Raft;
using Edge.Cluster.Trust;
using Edge.Node.Storage;

namespace Edge.Node.Site.Recovery;

/// <summary>
/// Makes a stopped node's data folder forget its site: membership, authority and book. Readings, channel state, modules and the name of the intake log stay, so that a node that joins again with them
/// loses and repeats nothing.
/// </summary>
/// <param name="data">The node's data folder.</param>
/// <param name="time">Wall clock, for the name of what is set aside.</param>
internal sealed class SiteLeaving(DataFolder data, TimeProvider time)
{
    /// <summary>Forgets.</summary>
    public RecoveryOutcome Leave()
    {
        var lines = new List<string>();
        var folder = new IdentityFolder(Path.Combine(Directory.CreateDirectory(data.SiteFolder).FullName, "identity"));
        if (folder.Read() is IdentityRead.None) return new RecoveryOutcome.Refused($"Data folder {data.Path} belongs to no site. Start it with 'edge up --join TOKEN --data {data.Path}'.");
        var log = new LogFolder(Path.Combine(data.SiteFolder, "book"));
        // The vote first: without its log the node can only follow, whatever comes in between.
        if (Directory.Exists(log.Path)) lines.Add($"Its part of the book was moved to {log.SetAside("left", time.GetUtcNow(), keep: true)}; delete that when nobody needs it.");
        foreach (var file in new[] { "book.copy", "book.next", "member", "founding", "witness" }) File.Delete(Path.Combine(data.SiteFolder, file));
        folder.Forget();
        lines.Insert(0, $"Data folder {data.Path} belongs to no site now; its readings, channel state and modules are kept.");
        lines.Add($"To join again: 'edge node rm NAME' if the site still lists it, 'edge token create --node' there, then 'edge up --join TOKEN --name NAME --data {data.Path}'.");
        return new RecoveryOutcome.Done(lines);
    }
}
