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

    /// <summary>Why no node fits: what the nearest one lacks, and how many lack what.</summary>
    public static string WhyNowhere(BoardActor actor, PlacementDraft draft)
    {
        var demand = actor.Demand!;
        var misses = draft.Nodes.Where(node => node.Board.Record is { Witness: false })
            .Select(node => (node.Board.Name, Lacks: Lacks(demand, node, draft).ToList()))
            .OrderBy(miss => miss.Lacks.Count).ThenBy(miss => miss.Name, StringComparer.Ordinal).ToList();
        if (misses.Count == 0)
            return "The site has no node that runs actors. Start one with 'edge up --join TOKEN'.";
        if (demand.PinnedTo is { } pinned && misses.All(miss => miss.Name != pinned))
            return $"It is pinned to node '{pinned}', which is not of the site. Nodes: {Join(misses.Select(miss => miss.Name))}.";
        var nearest = demand.PinnedTo is { } only ? misses.First(miss => miss.Name == only) : misses[0];
        var counts = misses.SelectMany(miss => miss.Lacks.Select(lack => lack.Kind)).GroupBy(kind => kind, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}");
        return $"No node fits. Nearest is '{nearest.Name}': {Join(nearest.Lacks.Select(lack => lack.Words))}. Of {misses.Count} nodes: {Join(counts)}.";
    }

    private static IEnumerable<(string Kind, string Words)> Lacks(ActorDemand demand, DraftNode node, PlacementDraft draft)
    {
        var record = node.Board.Record!;
        if (demand.PinnedTo is { } pinned && pinned != record.Name)
            yield return ("not pinned to", $"the actor is pinned to '{pinned}'");
        foreach (var label in demand.Traits.Needs.Concat(demand.Labels).Distinct().Where(label => !label.IsMetBy(record.Labels)))
            yield return ($"without {label}", record.Labels.TryGetValue(label.Name, out var found) ? $"label {label} wanted, it has {label.Name}={found}" : $"it lacks label {label}");
        if (node.Member is null)
            yield return ("down", "it is down");
        if (record.HasCordoned || record.Draining)
            yield return ("cordoned", $"it is cordoned ({(record.Cordoned.Length == 0 ? "no reason given" : record.Cordoned)})");
        else if (node.IsLeaving)
            yield return ("leaving", "it is leaving");
        if (demand.MemoryBytes > node.MemoryLeft)
            yield return ("without the memory", string.Create(CultureInfo.InvariantCulture, $"it has {Math.Max(0, node.MemoryLeft >> 20)} MiB left of {record.Capacity!.MemoryBytes >> 20}, {demand.MemoryBytes >> 20} are wanted"));
        if (demand.Instances > node.InstancesLeft)
            yield return ("without the instances", string.Create(CultureInfo.InvariantCulture, $"it has {Math.Max(0, node.InstancesLeft)} instances left of {record.Capacity!.Instances}, {demand.Instances} are wanted"));
        if (demand.ApartFrom is { } apart && draft.InGroup(PlacementBoard.Apart(apart), node) > 0)
            yield return ("taken by the same group", $"it runs another of group '{apart}', which is kept apart");
    }

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts);
}
