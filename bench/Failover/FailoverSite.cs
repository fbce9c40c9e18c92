using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Edge.Bench.Failover;

/// <summary>Where the channel is.</summary>
/// <param name="Owner">Node that runs it.</param>
/// <param name="Standby">Node with the copy of its state.</param>
/// <param name="Epoch">Its epoch, as people see it.</param>
/// <param name="Leader">Node that leads the book.</param>
internal sealed record SitePicture(string Owner, string Standby, string Epoch, string Leader);

/// <summary>Three real nodes and one channel. Ends with <see cref="DisposeAsync"/>: the processes are killed, their folders deleted.</summary>
internal sealed partial class FailoverSite(IReadOnlyList<NodePlace> places, string binary) : IAsyncDisposable
{
    private const double DefaultLease = 1_000;

    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-bench-failover-");

    /// <summary>Its nodes.</summary>
    public IReadOnlyList<SiteNodeProcess> Nodes { get; private set; } = [];

    /// <summary>Founds it with the first node, and lets the others join.</summary>
    public async Task StartAsync()
    {
        Nodes = [.. places.Select(place => new SiteNodeProcess(place, binary, _folder.FullName))];
        await Nodes[0].StartAsync("-f", SourceTree.File("bench", "Failover", "failover.yaml"));
        foreach (var node in Nodes.Skip(1))
        {
            var token = await Nodes[0].PostAsync("tokens", new JsonObject { ["purpose"] = "node" });
            await node.StartAsync("--join", (string)token!["token"]!, "--site", Nodes[0].PeerAddress);
        }
    }

    public SiteNodeProcess Node(string name) => Nodes.Single(node => node.Name == name);

    /// <summary>Waits until all three are members that hold the book, and the channel has an owner and a standby, as every node sees it.</summary>
    /// <param name="wanted">What else it must be.</param>
    /// <exception cref="BenchException">It did not come to that.</exception>
    public async Task<SitePicture> SettledAsync(Func<SitePicture, bool>? wanted = null)
    {
        var clock = Stopwatch.StartNew();
        var last = "nothing";
        while (clock.Elapsed < SettleLimit)
        {
            var pictures = new List<SitePicture?>();
            foreach (var node in Nodes)
            {
                var (nodes, placements) = (await node.GetAsync("nodes"), await node.GetAsync("placements"));
                last = $"{node.Name} says {nodes?["items"]?.ToJsonString()} {placements?["items"]?.ToJsonString()}";
                pictures.Add(Picture(nodes, placements));
                if (pictures[^1] is null) break;
            }
            if (pictures.Count == Nodes.Count && pictures.Distinct().ToList() is [{ } one] && (wanted is null || wanted(one))) return one;
            await Task.Delay(LookEvery);
        }
        throw new BenchException($"The site did not settle in {SettleLimit.TotalSeconds} s: {last}");
    }

    /// <summary>Brings the channel to the leader, or to a node that does not lead.</summary>
    public async Task<SitePicture> OwnedByAsync(bool leader)
    {
        var now = await SettledAsync();
        if (now.Owner == now.Leader == leader) return now;
        var away = Nodes.Select(node => node.Name).Where(name => name != now.Owner && (leader ? name != now.Leader : name != now.Standby)).ToList();
        foreach (var name in away) await Nodes[0].PostAsync($"nodes/{name}/cordon", new JsonObject { ["reason"] = "bench" });
        await Nodes[0].PostAsync($"nodes/{now.Owner}/drain", new JsonObject { ["reason"] = "bench" });
        await MovedAsync(now.Owner);
        foreach (var name in away.Append(now.Owner)) await Nodes[0].PostAsync($"nodes/{name}/uncordon", []);
        return await SettledAsync(picture => picture.Owner == picture.Leader == leader);
    }

    /// <summary>Longest lease that a leader granted, ms: leases grow with the voters' flush times, and a failover takes as long. From the nodes' logs.</summary>
    public double LongestLease() => Nodes.SelectMany(node => File.ReadLines(Path.Combine(_folder.FullName, $"{node.Name}.log")))
        .Select(line => Leases().Match(line)).Where(found => found.Success)
        .Select(found => double.Parse(found.Groups["lease"].Value, CultureInfo.InvariantCulture)).Append(DefaultLease).Max();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task MovedAsync(string from)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < SettleLimit)
        {
            if ((await Nodes[0].GetAsync("placements"))?["items"]?[0] is { } placed && (string?)placed["node"] is { Length: > 0 } owner && owner != from && placed["moving_to"] is null) return;
            await Task.Delay(LookEvery);
        }
        throw new BenchException($"The channel did not leave '{from}' in {SettleLimit.TotalSeconds} s.");
    }

    private static SitePicture? Picture(JsonNode? nodes, JsonNode? placements)
    {
        if (nodes?["items"] is not JsonArray list || list.Count != 3 || list.Any(node => (string?)node!["state"] != "ready" || (string?)node["role"] is not ("leader" or "voter"))) return null;
        if (placements?["items"] is not JsonArray { Count: 1 } placed || placed[0]!["moving_to"] is not null) return null;
        var leader = (string?)list.FirstOrDefault(node => (string?)node!["role"] == "leader")?["name"];
        var (owner, standby) = ((string?)placed[0]!["node"], (string?)placed[0]!["standby"]);
        return string.IsNullOrEmpty(owner) || string.IsNullOrEmpty(standby) || leader is null ? null : new(owner, standby, (string?)placed[0]!["epoch"] ?? "", leader);
    }

    [GeneratedRegex("Leases follow the voters' disks: (?<lease>[0-9.]+) ms")]
    private static partial Regex Leases();
}
