using System.Globalization;
using Edge.Node.Admin;
using Edge.Node.Admin.Routes;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Cli.Top;

/// <summary>What <c>edge top</c> shows at one moment, as cells. Pure.</summary>
/// <param name="Nodes">A row each node, under <see cref="NodeHeadings"/>.</param>
/// <param name="Actors">A row each placement, under <see cref="ActorHeadings"/>.</param>
/// <param name="Advice">A sentence on the site's votes; null: none.</param>
internal sealed record TopRows(IReadOnlyList<string[]> Nodes, IReadOnlyList<string[]> Actors, string? Advice)
{
    /// <summary>Headings of nodes.</summary>
    public static readonly string[] NodeHeadings = ["NODE", "ROLE", "STATE", "LEASE", "CPU", "MEMORY", "ACTORS", "FLUSH"];

    /// <summary>Headings of actors. Lag and rate are known of those that run on the node that is asked.</summary>
    public static readonly string[] ActorHeadings = ["CHANNEL", "OWNER", "EPOCH", "STANDBY", "LAG", "READINGS/S"];

    /// <summary>Makes them.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="placements">Where actors run.</param>
    /// <param name="before">The asked node's status before.</param>
    /// <param name="now">Its status now.</param>
    /// <param name="between">Time between the two.</param>
    public static TopRows Of(NodeListView nodes, PlacementListView placements, StatusView? before, StatusView? now, TimeSpan between)
    {
        var earlier = (before?.Channels ?? []).ToDictionary(channel => $"{channel.Tenant}/{channel.Name}", StringComparer.Ordinal);
        var here = (now?.Channels ?? []).ToDictionary(channel => $"{channel.Tenant}/{channel.Name}", StringComparer.Ordinal);
        return new(
            [.. nodes.Items.Select(node => new[]
            {
                node.Name, node.Role, node.State, GetOthers.Ms(node.LeaseMs) ?? "-", node.Cpu?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",
                node.MemoryBytes is { } bytes ? $"{bytes >> 20} MiB" : "-", node.Actors.ToString(CultureInfo.InvariantCulture), node.FlushP99Ms is > 0 ? GetOthers.Ms(node.FlushP99Ms)! : "-",
            })],
            [.. placements.Items.Select(one => new[]
            {
                one.Identity, Owner(one), one.Epoch, one.Standby.Length > 0 ? one.Standby : "-",
                here.GetValueOrDefault(one.Identity) is { } running ? running.Lag.ToString(CultureInfo.InvariantCulture) : "-",
                Rate(earlier.GetValueOrDefault(one.Identity), here.GetValueOrDefault(one.Identity), between),
            })],
            nodes.Advice);
    }

    private static string Owner(PlacementView one) =>
        one.MovingTo is { } next ? $"{one.Node} → {next}" : one.Node.Length > 0 ? one.Node : one.Reason is { } reason ? $"nowhere: {reason}" : "nowhere";

    private static string Rate(ChannelView? before, ChannelView? now, TimeSpan between) =>
        before is null || now is null || between <= TimeSpan.Zero ? "-" : (Math.Max(0, now.Readings - before.Readings) / between.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
}
