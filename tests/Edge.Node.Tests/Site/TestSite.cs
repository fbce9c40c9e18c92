using System.Net.Http.Headers;
using System.Text.Json;
using Edge.Node.Tests.Demo;
using Edge.Node.Tests.Hosting;
using MQTTnet;

namespace Edge.Node.Tests.Site;

/// <summary>A site of real processes on this machine, each with a data folder and an address of its own that outlive it. Everything is ended and removed when disposed.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("edge-site-");
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeProcess> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EdgeProcess> _witnesses = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    public NodeProcess this[string name] => _nodes[name];

    /// <summary>A node's data folder.</summary>
    public string Data(string name) => Path.Combine(_root.FullName, name);

    /// <summary>Starts a node; with a token of another it joins that one's site.</summary>
    public async Task<NodeProcess> StartAsync(string name, string? through = null, string? manifests = null)
    {
        string[] files = manifests is null ? [] : ["-f", manifests];
        return _nodes[name] = await NodeProcess.StartAsync([.. files, .. await ArgumentsAsync(name, through)]);
    }

    /// <summary>Starts a witness and waits until it has taken its place.</summary>
    public async Task<EdgeProcess> WitnessAsync(string name, string? through = null)
    {
        var witness = _witnesses[name] = EdgeProcess.Start(["witness", .. await ArgumentsAsync(name, through)]);
        var line = await Patience.For(witness.FirstLine, "the witness's line");
        Assert.True(line.StartsWith($"edge witness {name} of site ", StringComparison.Ordinal), $"{line}{witness.Errors}");
        return witness;
    }

    /// <summary>SIGKILL, and the node's data folder deleted if its disk is lost too.</summary>
    public async Task KillAsync(string name, bool disk = false)
    {
        if (_nodes.Remove(name, out var node)) await node.DisposeAsync();
        if (_witnesses.Remove(name, out var witness)) await witness.DisposeAsync();
        if (disk) Directory.Delete(Data(name), recursive: true);
    }

    /// <summary>SIGTERM, and its end.</summary>
    public async Task StopAsync(string name)
    {
        Assert.Equal(0, await _nodes[name].StopAsync());
        await KillAsync(name);
    }

    /// <summary>Runs a command line that must end with 0; its output.</summary>
    public static async Task<string> CliAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await EdgeProcess.RunAsync(arguments);
        Assert.True(exitCode == 0, $"edge {string.Join(' ', arguments)} ended with {exitCode}: {output}{errors}");
        return output.Trim();
    }

    /// <summary>Waits for a state of what a node's API lets watch: <c>nodes</c> or <c>placements</c>. Each state is the whole view.</summary>
    public async Task<JsonElement> UntilAsync(string node, string view, string what, Func<JsonElement, bool> holds)
    {
        var last = "nothing";
        async Task<JsonElement> WatchAsync()
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(_nodes[node].Http.BaseAddress!, $"api/v1/{view}?watch=true"));
            ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await File.ReadAllTextAsync(Path.Combine(Data(node), "admin.token"), TestContext.Current.CancellationToken));
            using var answer = await _http.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (!line.StartsWith("data: {", StringComparison.Ordinal)) continue;
                last = line["data: ".Length..];
                var state = JsonDocument.Parse(last).RootElement;
                if (holds(state)) return state;
            }

            throw new InvalidOperationException($"Node {node} ended the watch while it was waited for {what}. Last seen: {last}");
        }

        try
        {
            return await WatchAsync().WaitAsync(Patience.Time, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            var said = string.Join("\n", _nodes.Select(one => $"--- {one.Key}:\n{one.Value.Process.Errors}"));
            throw new TimeoutException($"Waited {Patience.Time.TotalSeconds} s for {what} at {node}. Last seen: {last}\n{said}");
        }
    }

    /// <summary>Waits until these nodes hold the votes, and all are members.</summary>
    public Task<JsonElement> UntilVotersAsync(string at, params string[] names) => UntilAsync(at, "nodes", $"the voters {string.Join(", ", names)}", state =>
        names.All(name => state.GetProperty("items").EnumerateArray().Any(node => node.GetProperty("name").GetString() == name && node.GetProperty("role").GetString() != "follower" && node.GetProperty("state").GetString() != "down")));

    /// <summary>Waits until a channel runs on one of these nodes.</summary>
    public Task<JsonElement> UntilOwnedAsync(string at, string channel, params string[] owners) => UntilAsync(at, "placements", $"channel {channel} on {string.Join(" or ", owners)}", state =>
        state.GetProperty("items").EnumerateArray().Any(one => one.GetProperty("identity").GetString() == channel && owners.Contains(one.GetProperty("node").GetString()) && one.GetProperty("member").GetString() is { Length: > 0 }));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
        foreach (var witness in _witnesses.Values) await witness.DisposeAsync();
        _http.Dispose();
        _root.Delete(recursive: true);
    }

    private async Task<IReadOnlyList<string>> ArgumentsAsync(string name, string? through)
    {
        if (!_ports.TryGetValue(name, out var port)) _ports[name] = port = FreePort.Take();
        string[] join = through is null ? [] : ["--join", await CliAsync("token", "create", "--node", "--data", Data(through)), "--site", $"127.0.0.1:{_ports[through]}"];
        return ["--data", Data(name), "--name", name, "--peers", $"127.0.0.1:{port}", "--no-announce", .. join];
    }
}
