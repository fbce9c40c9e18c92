using System.Globalization;
using Edge.Messages.Book;

namespace Edge.Cluster.Placements;

/// <summary>Which nodes suit an actor, and in words why none does.</summary>
internal static class PlacementFit
{
    /// <summary>Whether the node has what does not change with load: labels, and the pin.</summary>
    public static bool Suits(BoardActor actor, BoardNode node) =>
        node.Record is { } record && Suits(actor.Demand!, record);

    /// <summary>As above, of records.</summary>
    public static bool Suits(ActorDemand demand, NodeRecord node) =>
        !node.Witness
        && (demand.PinnedTo is null || demand.PinnedTo == node.Name)
        && demand.Traits.Needs.All(label => label.IsMetBy(node.Labels))
        && demand.Labels.All(label => label.IsMetBy(node.Labels));

    /// <summary>Whether the standby that the actor has is one to keep: another node, a member, suitable, not being emptied.</summary>
    public static bool IsGoodStandby(BoardActor actor) =>
        actor.Standby is { Member: not null, Record.Draining: false } standby && standby != actor.Owner && Suits(actor, standby);

    /// <summary>Why no node fits: what the nearest one lacks, and how many lack what. Which nodes are down just now is not counted, so that the words change seldom.</summary>
    public static string WhyNowhere(BoardActor actor, PlacementDraft draft)
    {
        var demand = actor.Demand!;
        if (demand.PinnedTo is { } pinned)
        {
            return draft.Find(pinned) is { Board.Record: not null } only
                ? $"It is pinned to node '{pinned}': {Join(Lacks(demand, only, draft))}."
                : $"It is pinned to node '{pinned}', which is not of the site. Join that node, or pin the actor to another.";
        }

        LabelRequirement[] labels = [.. demand.Traits.Needs.Concat(demand.Labels).Distinct()];
        var without = new int[labels.Length];
        var (count, cordoned, full, taken, least) = (0, 0, 0, 0, int.MaxValue);
        DraftNode? nearest = null;
        foreach (var node in draft.Nodes)
        {
            if (node.Board.Record is not { Witness: false } record)
                continue;
            count++;
            var lacks = node.Member is null || node.IsLeaving ? 1 : 0;
            for (var i = 0; i < labels.Length; i++)
            {
                var isMissing = labels[i].IsMetBy(record.Labels) ? 0 : 1;
                without[i] += isMissing;
                lacks += isMissing;
            }

            var (isCordoned, isFull, isTaken) = (record.HasCordoned || record.Draining ? 1 : 0, node.HasRoom(demand) ? 0 : 1, draft.IsTaken(demand, node) ? 1 : 0);
            (cordoned, full, taken) = (cordoned + isCordoned, full + isFull, taken + isTaken);
            if ((lacks += isCordoned + isFull + isTaken) < least)
                (least, nearest) = (lacks, node);
        }

        if (nearest is null)
            return "The site has no node that runs actors. Start one with 'edge up --join TOKEN'.";
        var counts = labels.Select((label, i) => (Count: without[i], Words: $"without {label}")).Concat(new (int Count, string Words)[] { (cordoned, "cordoned"), (full, "full"), (taken, "with another of its group") })
            .Where(one => one.Count > 0).Select(one => $"{one.Count} {one.Words}").ToList();
        return $"No node fits. Nearest is '{nearest.Board.Name}': {Join(Lacks(demand, nearest, draft))}.{(counts.Count == 0 ? "" : $" Of {count} nodes: {Join(counts)}.")}";
    }

    private static IEnumerable<string> Lacks(ActorDemand demand, DraftNode node, PlacementDraft draft)
    {
        var record = node.Board.Record!;
        foreach (var label in demand.Traits.Needs.Concat(demand.Labels).Distinct().Where(label => !label.IsMetBy(record.Labels)))
            yield return record.Labels.TryGetValue(label.Name, out var found) ? $"label {label} wanted, it has {label.Name}={found}" : $"it lacks label {label}";
        if (node.Member is null)
            yield return "it is down";
        if (record.Witness)
            yield return "it is a witness and runs no actors";
        if (record.HasCordoned || record.Draining)
            yield return $"it is cordoned ({(record.Cordoned.Length == 0 ? "no reason given" : record.Cordoned)})";
        else if (node.IsLeaving)
            yield return "it is leaving";
        if (demand.MemoryBytes > node.MemoryLeft)
            yield return string.Create(CultureInfo.InvariantCulture, $"it has {Math.Max(0, node.MemoryLeft >> 20)} MiB left of {record.Capacity!.MemoryBytes >> 20}, {demand.MemoryBytes >> 20} are wanted");
        if (demand.Instances > node.InstancesLeft)
            yield return string.Create(CultureInfo.InvariantCulture, $"it has {Math.Max(0, node.InstancesLeft)} instances left of {record.Capacity!.Instances}, {demand.Instances} are wanted");
        if (draft.IsTaken(demand, node))
            yield return $"it runs another of group '{demand.ApartFrom}', which is kept apart";
    }

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts);
}
