namespace Edge.Bench.Failover;

/// <summary>What the runs gave.</summary>
internal sealed class FailoverTally
{
    private static readonly (string Kind, string? Goal)[] Kinds = [("follower", "<= 1.8"), ("leader", "<= 2.5"), ("paused", null), ("partition", null)];

    private readonly Dictionary<string, List<double>> _seconds = [];
    private int _stale;
    private int _lost;

    /// <summary>The first number that no run has used.</summary>
    public long NextNumber { get; set; }

    /// <summary>Takes a run in.</summary>
    /// <param name="kind">What happened to the owner.</param>
    /// <param name="took">Until the next owner's first output.</param>
    /// <param name="stale">Outputs that an owner before sent after the next one had begun.</param>
    /// <param name="lost">Readings that were acknowledged and never came out.</param>
    public void Add(string kind, TimeSpan took, int stale, int lost)
    {
        if (!_seconds.TryGetValue(kind, out var list)) _seconds[kind] = list = [];
        list.Add(took.TotalSeconds);
        (_stale, _lost) = (_stale + stale, _lost + lost);
    }

    /// <summary>The rows.</summary>
    /// <param name="noPartition">Why nothing was cut off, or null.</param>
    public IReadOnlyList<BenchRow> Rows(string? noPartition)
    {
        var rows = new List<BenchRow>();
        foreach (var (kind, goal) in Kinds)
        {
            if (!_seconds.TryGetValue(kind, out var list))
            {
                // Zero would be a figure; this row says why there is none.
                rows.Add(new($"{kind}_p95", "s", null, null, $"not measured: {noPartition}", goal));
                continue;
            }
            double[] sorted = [.. list.Order()];
            var runs = $"{sorted.Length} runs";
            rows.Add(new($"{kind}_p95", "s", At(sorted, 0.95), null, runs, goal));
            rows.Add(new($"{kind}_p50", "s", At(sorted, 0.5), null, runs, null));
            rows.Add(new($"{kind}_max", "s", At(sorted, 1), null, runs, null));
        }
        rows.Add(new("stale_writes", "outputs", _stale, null, "out of order or again since 0.2 s after the event", "0"));
        rows.Add(new("lost_acknowledged", "readings", _lost, null, "acknowledged, and never came out", "0"));
        return rows;
    }

    // Nearest rank: the value that so many of the runs did not exceed.
    private static double At(double[] sorted, double quantile) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)], 3);
}
