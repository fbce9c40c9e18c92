using System.Diagnostics;
using System.Globalization;

namespace Edge.Bench.Failover;

/// <summary>
/// How long a channel is without an owner when its node dies, is stopped for four seconds or is cut off: from the event to the first output of a reading that was sent after it, at a subscriber on a node that lives.
/// The event is made by the kernel (SIGKILL, SIGSTOP, the link down); who owned the channel before cannot have got those readings, or answers for them as a stale write.
/// </summary>
internal static class FailoverBench
{
    private const int RunsDefault = 20;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);

    // What was on the wire at the event has come by then, and no successor has begun.
    private static readonly TimeSpan UnderWay = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Names = ["n1", "n2", "n3"];

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var runs = int.TryParse(Environment.GetEnvironmentVariable("EDGE_BENCH_RUNS"), CultureInfo.InvariantCulture, out var asked) ? asked : RunsDefault;
        var binary = await NodeProcess.BinaryAsync();
        var (places, missing) = await NodePlace.BridgedAsync(Names);
        var tally = new FailoverTally();
        try
        {
            await using var site = new FailoverSite(missing is null ? places : [.. Names.Select(NodePlace.OnLoopback)], binary);
            await site.StartAsync();
            for (var run = 0; run < runs; run++)
            {
                await KillAsync(site, tally, "follower", leader: false);
                await KillAsync(site, tally, "leader", leader: true);
                await AwayAsync(site, tally, "paused", victim => Do(() => victim.Signal("STOP")), victim => Do(() => victim.Signal("CONT")));
                if (missing is null) await AwayAsync(site, tally, "partition", victim => victim.Place.CutAsync(), victim => victim.Place.HealAsync());
            }
            tally.LongestLease = site.LongestLease();
        }
        finally
        {
            if (missing is null) await NodePlace.RemoveAsync(Names);
        }

        // Our processes are gone by then: the peer has the machine for itself.
        tally.Peer = await OrleansFailover.RunAsync(tuned: false);
        tally.TunedPeer = await OrleansFailover.RunAsync(tuned: true);
        return tally.Rows(missing);
    }

    private static async Task KillAsync(FailoverSite site, FailoverTally tally, string kind, bool leader)
    {
        var picture = await site.OwnedByAsync(leader);
        var victim = site.Node(picture.Owner);
        await MeasureAsync(site, tally, kind, picture, victim.KillAsync, null);
        await victim.StartAsync();
    }

    private static async Task AwayAsync(FailoverSite site, FailoverTally tally, string kind, Func<SiteNodeProcess, Task> leave, Func<SiteNodeProcess, Task> comeBack)
    {
        var picture = await site.SettledAsync();
        var victim = site.Node(picture.Owner);
        await MeasureAsync(site, tally, kind, picture, () => leave(victim), () => comeBack(victim));
    }

    private static async Task MeasureAsync(FailoverSite site, FailoverTally tally, string kind, SitePicture picture, Func<Task> leave, Func<Task>? comeBack)
    {
        var third = site.Nodes.Single(node => node.Name != picture.Owner && node.Name != picture.Standby);
        await using var feed = await FailoverFeed.StartAsync(third, tally.NextNumber);
        // Who comes back may still have something on the way to its own subscribers: one of them looks.
        await using var there = comeBack is null ? null : await FailoverFeed.WatchAsync(site.Node(picture.Owner), tally.NextNumber);
        try
        {
            await feed.FlowingAsync(50);
            await using var watch = new OwnerWatch(third);
            var at = Stopwatch.GetTimestamp();
            var left = leave();
            var number = feed.Next;
            await left;
            var back = Task.Delay(Away);
            var took = Stopwatch.GetElapsedTime(at, await feed.FirstFromAsync(number));
            if (comeBack is not null)
            {
                await back;
                await comeBack();
            }
            await Task.Delay(After);
            var lost = await feed.EndAsync();
            await watch.EndAsync();
            var owners = watch.Since(at).Where(one => one.Epoch != picture.Epoch).ToList();
            var since = at + (long)(UnderWay.TotalSeconds * Stopwatch.Frequency);
            var (stale, staleThere) = (feed.StaleSince(since, owners.Count), there?.StaleSince(since, owners.Count) ?? []);
            tally.Add(kind, took, stale.Count, staleThere.Count, lost);
            var words = string.Join(", ", owners.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Owner} in {one.Epoch} at {one.Seconds:0.00} s")));
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{kind} {picture.Owner} (leader {picture.Leader}): first output {took.TotalSeconds:0.000} s; owners: {words}; stale {Words(stale, at)} and {Words(staleThere, at)}, lost {lost}; load {Machine.Load()}"));
        }
        finally
        {
            tally.NextNumber = feed.Next;
        }
    }

    private static string Words(IReadOnlyList<(long Number, long At)> outputs, long at) => outputs.Count == 0 ? "0" : string.Create(
        CultureInfo.InvariantCulture, $"{outputs.Count} ({outputs[0].Number} to {outputs[^1].Number}, {Stopwatch.GetElapsedTime(at, outputs[0].At).TotalSeconds:0.00} to {Stopwatch.GetElapsedTime(at, outputs[^1].At).TotalSeconds:0.00} s)");

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
