namespace Edge.Cluster.Placements;

/// <summary>The part of a demand that decides which nodes fit.</summary>
internal readonly record struct FitKey(string Labels, string? PinnedTo, string? ApartFrom, long MemoryBytes, int Instances)
{
    /// <summary>The key of a demand.</summary>
    public static FitKey Of(ActorDemand demand) => new(
        string.Join(',', demand.Traits.Needs.Concat(demand.Labels).Select(label => label.ToString()).Distinct().Order(StringComparer.Ordinal)),
        demand.PinnedTo, demand.ApartFrom, demand.MemoryBytes, demand.Instances);
}
