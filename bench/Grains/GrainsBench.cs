namespace Edge.Bench.Grains;

/// <summary>
/// Asking an actor and getting its answer, on the same node and on another, one to 256 callers. Rounds of all libraries alternate, so that a change of the machine's load hits all of them; figures are medians of the rounds.
/// </summary>
internal static class GrainsBench
{
    private const int Rounds = 3;

    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1.5);
    private static readonly int[] Callers = [1, 16, 64, 256];

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var (edgePort, edgeOther) = (Processes.FreePort(), Processes.FreePort());
        await using var edge = new FencedGrains("a", edgePort, edgeOther);
        await using var edgeHost = await GrainHost.StartAsync("edge", edgeOther, edgePort, edge.Member);
        await Task.WhenAll(edge.JoinAsync(edge.Member, edgeHost.Member), edgeHost.ServingAsync());

        var (protoPort, protoOther) = (Processes.FreePort(), Processes.FreePort());
        await using var proto = new ProtoGrains(protoPort, protoOther);
        await using var protoHost = await GrainHost.StartAsync("proto", protoOther, protoPort, proto.Member);
        await Task.WhenAll(proto.JoinAsync(protoHost.Member), protoHost.ServingAsync());
        await proto.FindAsync();

        var (siloPort, siloOther) = (Processes.FreePort(), Processes.FreePort());
        await using var orleans = new OrleansGrains(await OrleansSilo.StartAsync(siloPort, siloPort, tuned: false));
        await using var orleansHost = await GrainHost.StartAsync("orleans", siloOther, siloPort, "-");
        await orleansHost.ServingAsync();
        await orleans.CheckAsync();

        var peers = new Dictionary<string, IGrainSystem> { ["proto"] = proto, ["orleans"] = orleans };
        var rows = new List<BenchRow>();
        foreach (var (side, ask) in Sides)
        {
            foreach (var system in peers.Values.Prepend(edge)) await GrainLoad.RunAsync((actor, number) => ask(system, actor, number), 64, Each * 2);
            foreach (var callers in Callers)
            {
                var ours = new List<GrainRound>();
                var theirs = peers.Keys.ToDictionary(key => key, _ => new List<GrainRound>());
                for (var round = 0; round < Rounds; round++)
                {
                    ours.Add(await GrainLoad.RunAsync((actor, number) => ask(edge, actor, number), callers, Each));
                    foreach (var (key, peer) in peers) theirs[key].Add(await GrainLoad.RunAsync((actor, number) => ask(peer, actor, number), callers, Each));
                }
                foreach (var (key, peer) in peers)
                {
                    rows.Add(Row($"{side}_{callers}_{key}", "1/s", ours, theirs[key], r => r.Rate, peer.Name, Goal(side, callers, key)));
                    rows.Add(Row($"{side}_{callers}_{key}_cpu", "us", ours, theirs[key], r => r.Cpu, peer.Name, null));
                    if (side == "remote" && callers is 1 or 64) rows.Add(Row($"{side}_{callers}_{key}_p50", "us", ours, theirs[key], r => r.P50, peer.Name, null));
                    if (side == "remote" && callers is 1 or 64) rows.Add(Row($"{side}_{callers}_{key}_p99", "us", ours, theirs[key], r => r.P99, peer.Name, null));
                }
            }
        }
        return rows;
    }

    private static (string Side, Func<IGrainSystem, int, long, Task<long>> Ask)[] Sides =>
    [
        ("local", static (system, actor, number) => system.AskLocalAsync(actor, number)),
        ("remote", static (system, actor, number) => system.AskRemoteAsync(actor, number)),
    ];

    private static string? Goal(string side, int callers, string peer) => (peer, side, callers) switch
    {
        ("proto", _, _) => "ratio >= 0.9",
        ("orleans", "local", _) => "ratio >= 2",
        ("orleans", "remote", 64) => "ratio >= 1.2",
        _ => null,
    };

    private static BenchRow Row(string id, string unit, List<GrainRound> ours, List<GrainRound> theirs, Func<GrainRound, double> figure, string peer, string? goal) =>
        new(id, unit, Median(ours.Select(figure)), Median(theirs.Select(figure)), peer, goal);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Math.Round(sorted[sorted.Length / 2], 2);
    }
}
