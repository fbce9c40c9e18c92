using System.Diagnostics;
using Edge.Messages.Site;

namespace Edge.Cluster.Tests.Raft;

/// <summary>What happens to voters in the life of a site, with real processes.</summary>
// Processes of several sites at once would only measure each other.
[Collection("voter processes")]
public sealed class SiteLifeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Concurrent_reads_and_writes_stay_linearizable_while_voters_are_killed()
    {
        var history = new RegisterHistory();
        await using var site = new TestSite("snapshot-every=100");
        await site.FormAsync("n1", "n2", "n3");
        await using (var writers = new Writers(site, history, clients: 5, keys: 8, reads: 0.6))
        {
            for (var kill = 0; kill < 4; kill++)
            {
                await writers.NextAsync("before the kill");
                await Task.Delay(200, TestContext.Current.CancellationToken);
                // The leader twice, a follower twice: a follower's reads right after an election are what the library's own barrier gets wrong.
                var leader = await site.LeaderAsync();
                var victim = kill % 2 == 0 ? leader : site.Running.Keys.First(name => name != leader);
                await site.KillAsync(victim);
                await writers.NextAsync($"{victim} was killed");
                await site.StartAsync(victim);
            }
        }
        output.WriteLine($"{history.Acknowledged} writes acknowledged");
        Assert.Null(history.Violation());
    }

    [Fact]
    public async Task A_voter_that_comes_back_at_another_address_needs_no_change()
    {
        await using var site = new TestSite();
        await site.FormAsync("n1", "n2", "n3");
        var before = (await site.ReportsAsync())[0].ListVersion;
        foreach (var name in new[] { "n3", "n1", "n2" })
        {
            // A process that starts takes new ports and announces them.
            await site.KillAsync(name);
            await site.StartAsync(name);
            await site[name].AskAsync("put", "moved", name);
        }
        await site.AssertEqualListsAsync();
        Assert.All(await site.ReportsAsync(), report => Assert.Equal(before, report.ListVersion));
    }

    [Fact]
    public async Task A_voter_whose_log_has_a_damaged_tail_is_removed_emptied_and_added_again()
    {
        await using var site = new TestSite();
        await site.FormAsync("n1", "n2", "n3");
        for (var i = 0; i < 50; i++)
            await site["n1"].AskAsync("put", "a", $"value-{i}");
        await site.KillAsync("n3");
        var data = Directory.EnumerateFiles(Path.Combine(site.BookFolder("n3"), "log", "data")).Order().Last();
        var bytes = await File.ReadAllBytesAsync(data, TestContext.Current.CancellationToken);
        bytes[Array.FindLastIndex(bytes, value => value != 0) - 5] ^= 0x40;
        await File.WriteAllBytesAsync(data, bytes, TestContext.Current.CancellationToken);

        var removed = site["n1"].Next("voters \\d+ n1,n2");
        var added = site["n1"].Next("voters \\d+ n1,n2,n3");
        await site.StartAsync("n3");
        Assert.Single(Directory.EnumerateDirectories(Path.GetDirectoryName(site.BookFolder("n3"))!, "book.damaged-*"));
        await removed;
        await site.UntilAsync(await added);
        await site.AssertEqualListsAsync();
        Assert.Equal("value-49", await site["n3"].AskAsync("get", "a"));
    }

    [Fact]
    public async Task A_voter_that_was_away_while_it_was_removed_sets_its_log_aside_and_can_come_back_as_a_new_one()
    {
        await using var site = new TestSite();
        await site.FormAsync("n1", "n2", "n3");
        await site.StartAsync("n4");
        await site.KillAsync("n3");
        await site.KeepAsync(["n1", "n2", "n4"], "n3");
        await site.UntilVotersAsync("n1", "n2", "n4");

        await site.StartAsync("n3");
        Assert.Equal(VoterStanding.Voter, (await site.ReportsAsync())[2].Standing);
        await site.KeepAsync(["n1", "n2", "n3", "n4"]);
        var leader = await site.LeaderAsync();
        await site[leader].Until("step Dismiss . Node = n3 . \\| Done.*");
        Assert.Equal(VoterStanding.Follower, (await site.ReportsAsync())[2].Standing);
        Assert.False(Directory.Exists(site.BookFolder("n3")));

        await site.KillAsync("n2");
        await site.KeepAsync(["n1", "n3", "n4"], "n2");
        await site["n3"].Next("voters \\d+ n1,n3,n4");
        await site["n3"].AskAsync("put", "a", "1");
    }

    [Fact]
    public async Task A_leader_cut_off_by_a_pause_does_not_lead_when_it_goes_on()
    {
        await using var site = new TestSite();
        await site.FormAsync("n1", "n2", "n3");
        var leader = await site.LeaderAsync();
        var others = site.Running.Keys.Where(name => name != leader).ToArray();
        var elected = Task.WhenAny(others.Select(name => site[name].Next("leads \\d+")));
        var since = Stopwatch.StartNew();
        await site[leader].SignalAsync("STOP");
        await await elected;
        output.WriteLine($"another leader {since.ElapsedMilliseconds} ms after the pause");
        await site[leader].SignalAsync("CONT");
        Assert.False(Google.Protobuf.JsonParser.Default.Parse<VoterReport>(await site[leader].AskAsync("report")).Leads);
        await site[leader].AskAsync("put", "a", "1");
    }

    [Fact]
    public async Task A_log_stays_bounded_on_disk_and_a_voter_that_missed_it_catches_up_by_snapshot()
    {
        await using var site = new TestSite("snapshot-every=50");
        await site.FormAsync("n1", "n2", "n3");
        await site.KillAsync("n3");
        for (var round = 0; round < 20; round++)
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => site["n1"].AskAsync("put", $"k{i}", new string('x', 1000) + round)));
        await site.StartAsync("n3");
        Assert.EndsWith("19", await site["n3"].AskAsync("get", "k49"), StringComparison.Ordinal);
        Assert.True((await site["n3"].AskAsync("state")).Split(' ').Length >= 50);
        var log = new DirectoryInfo(Path.Combine(site.BookFolder("n1"), "log", "data")).EnumerateFiles().Sum(file => file.Length);
        Assert.InRange(log, 0, 3 << 20);
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(site.BookFolder("n1"), "snapshots")).Count(), 1, 3);
        await site.AssertEqualListsAsync();
    }
}
