using System.Collections.Concurrent;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Raft;

/// <summary>Some voters of one site in processes of their own, in a folder that goes when the test ends.</summary>
internal sealed class TestSite(params string[] options) : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("edge-raft-").FullName;

    /// <summary>Processes that run, by name.</summary>
    public ConcurrentDictionary<string, VoterProcess> Running { get; } = new();

    public VoterProcess this[string name] => Running[name];

    public string BookFolder(string name) => Path.Combine(_root, name, "book");

    public string VotersFile(string name) => Path.Combine(BookFolder(name), "voters");

    /// <summary>Starts processes, at once.</summary>
    public Task StartAsync(params string[] names) => Task.WhenAll(names.Select(name => StartWithAsync(name, options)));

    /// <summary>Starts one with its own options.</summary>
    public async Task StartWithAsync(string name, params string[] own) =>
        Running[name] = await VoterProcess.StartAsync(name, BookFolder(name), Path.Combine(_root, "addresses"), own);

    /// <summary>kill -9 of some, at once.</summary>
    public Task KillAsync(params string[] names) => Task.WhenAll(names.Select(async name =>
    {
        if (Running.TryRemove(name, out var voter))
            await voter.KillAsync();
    }));

    /// <summary>A new site whose only voter is the first, then all of them by the voter plan; returns when all have the same list in effect.</summary>
    public async Task FormAsync(params string[] names)
    {
        await StartAsync(names);
        await Running[names[0]].AskAsync("found");
        if (names.Length == 1)
            return;
        await KeepAsync(names);
        await UntilVotersAsync(names);
    }

    /// <summary>All running processes plan from now on with these nodes alive, and others dead.</summary>
    public Task KeepAsync(string[] alive, params string[] dead) => Task.WhenAll(Running.Values.Select(voter =>
        voter.TryAskAsync("keep", string.Join(',', alive.Select(name => name + "+").Concat(dead.Select(name => name + "-"))))));

    /// <summary>Waits until each of these has a list of exactly these in effect.</summary>
    public Task UntilVotersAsync(params string[] names) => Task.WhenAll(names.Select(name => Running[name].Until($"voters \\d+ {string.Join(',', names.Order(StringComparer.Ordinal))}")));

    /// <summary>Waits until every voter of a line <c>voters VERSION A,B</c> has said the same.</summary>
    public Task UntilAsync(string line) => Task.WhenAll(line.Split(' ')[2].Split(',').Select(name => Running[name].Until(line)));

    /// <summary>What each running process holds.</summary>
    public async Task<IReadOnlyList<VoterReport>> ReportsAsync() =>
        await Task.WhenAll(Running.Values.OrderBy(voter => voter.Name, StringComparer.Ordinal).Select(async voter => JsonParser.Default.Parse<VoterReport>(await voter.AskAsync("report"))));

    /// <summary>The process that leads, as its peers' reports name it; the site must have one.</summary>
    public async Task<string> LeaderAsync()
    {
        var voter = (await ReportsAsync()).First(report => report.Standing is VoterStanding.Voter).Node;
        // A read is answered only when there is a leader.
        await Running[voter].AskAsync("get", "none");
        return JsonParser.Default.Parse<VoterReport>(await Running[voter].AskAsync("report")).Leader;
    }

    /// <summary>Checker: all voters that run have the same list, with the same version.</summary>
    public async Task AssertEqualListsAsync()
    {
        var reports = (await ReportsAsync()).Where(report => report.Standing is VoterStanding.Voter).ToList();
        Assert.NotEmpty(reports);
        Assert.All(reports, report => Assert.Equal((reports[0].ListVersion, string.Join(',', reports[0].Voters)), (report.ListVersion, string.Join(',', report.Voters))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var voter in Running.Values)
            await voter.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
