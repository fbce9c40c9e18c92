using System.Diagnostics;

namespace Edge.Cluster.Tests.Raft;

/// <summary>
/// kill -9 of one voter at a random moment around a change of voters, while two clients write; then kill -9 of all. After each: a leader within 5 s of a majority being alive, nothing acknowledged lost, equal lists.
/// Three runs of each kind here; <c>EDGE_NIGHTLY=1</c> makes it thirty. The seed is printed; <c>EDGE_SEED</c> repeats a series.
/// </summary>
// Processes of several sites at once would only measure each other.
[Collection("voter processes")]
public sealed class KillSeriesTests(ITestOutputHelper output)
{
    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("EDGE_NIGHTLY") == "1";

    // What is promised holds on a machine of its own; beside a build, three processes that are still being compiled just in time take longer to say anything at all.
    private static readonly TimeSpan LeaderWithin = TimeSpan.FromSeconds(IsNightly ? 5 : 20);

    [Theory]
    [InlineData("leader")]
    [InlineData("joiner")]
    [InlineData("other")]
    public async Task A_voter_killed_at_any_moment_of_a_change_costs_neither_the_leader_nor_a_write(string victim)
    {
        var runs = IsNightly ? 30 : 3;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("EDGE_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"victim {victim}, EDGE_SEED={seed}");
        var random = new Random(seed);
        for (var run = 0; run < runs; run++)
        {
            // Both kinds of change, in turn.
            var replaces = run % 2 == 1;
            var offset = TimeSpan.FromMilliseconds(random.NextDouble() < 0.7 ? random.Next(300) : random.Next(1500));
            var down = TimeSpan.FromMilliseconds(random.Next(300, 1500));
            var story = $"run {run}: {(replaces ? "replace n3 by n4" : "grow 1 to 3")}, {victim} killed after {offset.TotalMilliseconds:0} ms, down {down.TotalMilliseconds:0} ms";
            try
            {
                output.WriteLine($"{story}: {await RunAsync(replaces, victim, offset, down)}");
            }
            catch (Exception failed) when (failed is TimeoutException or InvalidOperationException or Xunit.Sdk.XunitException)
            {
                Assert.Fail($"EDGE_SEED={seed} {story}: {failed.Message}");
            }
        }
    }

    private static async Task<string> RunAsync(bool replaces, string kind, TimeSpan offset, TimeSpan down)
    {
        var history = new RegisterHistory();
        await using var site = new TestSite("snapshot-every=64");
        string[] wanted = replaces ? ["n1", "n2", "n4"] : ["n1", "n2", "n3"];
        string[] dead = replaces ? ["n3"] : [];
        if (replaces)
        {
            await site.FormAsync("n1", "n2", "n3");
            await site.StartAsync("n4");
            await site.KillAsync("n3");
        }
        else
        {
            await site.StartAsync(wanted);
            await site["n1"].AskAsync("found");
        }
        var leader = await site.LeaderAsync();
        await using var writers = new Writers(site, history, clients: 2, keys: 0, reads: 0);
        var joiner = replaces ? "n4" : "n2";
        var victim = kind switch { "leader" => leader, "joiner" => joiner, _ => wanted.First(name => name != leader && name != joiner) };

        await site.KeepAsync(wanted, dead);
        await Task.Delay(offset, TestContext.Current.CancellationToken);
        await site.KillAsync(victim);
        await Task.Delay(down, TestContext.Current.CancellationToken);
        await site.StartAsync(victim);
        var since = Stopwatch.StartNew();
        await writers.NextAsync($"{victim} is back; lists {string.Join(", ", (await site.ReportsAsync()).Select(report => $"{report.Node}: {report.Voters} {report.ListVersion}"))}");
        var afterRestart = since.Elapsed;
        await site.KeepAsync(wanted, dead);
        await site.UntilVotersAsync(wanted);
        await site.AssertEqualListsAsync();

        await site.KillAsync(wanted);
        await site.StartAsync(wanted);
        since.Restart();
        await writers.NextAsync("all were killed and are back");
        var afterAll = since.Elapsed;
        await writers.StopAsync();
        await site.AssertEqualListsAsync();
        foreach (var (key, acknowledged) in writers.LastAcknowledged)
            Assert.InRange(long.Parse(await site["n1"].AskAsync("get", key), System.Globalization.CultureInfo.InvariantCulture), long.Parse(acknowledged, System.Globalization.CultureInfo.InvariantCulture), long.MaxValue);
        Assert.True(afterRestart < LeaderWithin, $"a leader took {afterRestart.TotalSeconds:0.0} s after {victim} was back");
        Assert.True(afterAll < LeaderWithin, $"a leader took {afterAll.TotalSeconds:0.0} s after all were back");
        return $"{history.Acknowledged} acknowledged; write after restart {afterRestart.TotalMilliseconds:0} ms, after all {afterAll.TotalMilliseconds:0} ms";
    }
}
