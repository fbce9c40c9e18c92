using Edge.Bench.Grains;

namespace Edge.Bench.Failover;

/// <summary>What the runs gave.</summary>
internal sealed class FailoverTally
{
    private static readonly (string Kind, string? Goal)[] Kinds = [("follower", "<= 1.8"), ("leader", "<= 2.5"), ("paused", null), ("partition", null)];

    private static readonly (string Id, double Quantile)[] Quantiles = [("p95", 0.95), ("p50", 0.5), ("max", 1)];

    private readonly Dictionary<string, List<double>> _seconds = [];
    private int _stale;
    private int _staleThere;
    private int _lost;

    /// <summary>The first number that no run has used.</summary>
    public long NextNumber { get; set; }

    /// <summary>Seconds of the peer's kills with its defaults.</summary>
    public IReadOnlyList<double> Peer { get; set; } = [];

    /// <summary>The same with settings for fast detection.</summary>
    public IReadOnlyList<double> TunedPeer { get; set; } = [];

    /// <summary>Longest lease in the runs, ms.</summary>
    public double LongestLease { get; set; }

    /// <summary>Takes a run in.</summary>
    /// <param name="kind">What happened to the owner.</param>
    /// <param name="took">Until the next owner's first output.</param>
    /// <param name="stale">Outputs that an owner before sent after the next one had begun.</param>
    /// <param name="staleThere">The same at a subscriber of the owner before.</param>
    /// <param name="lost">Readings that were acknowledged and never came out.</param>
    public void Add(string kind, TimeSpan took, int stale, int staleThere, int lost)
    {
        if (!_seconds.TryGetValue(kind, out var list)) _seconds[kind] = list = [];
        list.Add(took.TotalSeconds);
        (_stale, _staleThere, _lost) = (_stale + stale, _staleThere + staleThere, _lost + lost);
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
            foreach (var (id, quantile) in Quantiles)
            {
                var words = kind == "follower" ? $"{runs}; {OrleansSilo.Version}, defaults, {Peer.Count} kills" : runs;
                rows.Add(new($"{kind}_{id}", "s", At(sorted, quantile), kind == "follower" ? At([.. Peer.Order()], quantile) : null, words, id == "p95" ? goal : null));
            }
            if (kind == "follower") rows.Add(new("follower_p95_tuned", "s", At(sorted, 0.95), At([.. TunedPeer.Order()], 0.95), $"{runs}; {OrleansSilo.Version}, probes of 1 s, two missed, {TunedPeer.Count} kills", null));
        }
        rows.Add(new("stale_writes", "outputs", _stale, null, "outputs that no owner in the book explains", "0"));
        rows.Add(new("stale_writes_at_old_owner", "outputs", _staleThere, null, "the same at a subscriber of the owner that came back", "0"));
        rows.Add(new("lost_acknowledged", "readings", _lost, null, "acknowledged, and never came out", "0"));
        rows.Add(new("lease_longest", "ms", Math.Round(LongestLease), null, "1000 on disks that flush quickly, up to 5000 on others: times grow with it", null));
        return rows;
    }

    // Nearest rank: the value that so many of the runs did not exceed.
    private static double At(double[] sorted, double quantile) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)], 3);
}
