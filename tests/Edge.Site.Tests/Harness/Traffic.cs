using Edge.Site.Tests.Invariants;

namespace Edge.Site.Tests.Harness;

/// <summary>
/// Everything that goes on while something fails: producers, a subscriber on each of some nodes, an administrator who writes and others who read, and a look at the placements from every node. At the end all
/// invariants are checked.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly SiteProcesses _site;
    private readonly List<Producer> _producers = [];
    private readonly List<Subscriber> _subscribers = [];
    private readonly PlacementHistory _placements = new();
    private readonly BookHistory _book = new();

    private Traffic(SiteProcesses site) => _site = site;

    public IReadOnlyList<Producer> Producers => _producers;

    public IReadOnlyList<Subscriber> Subscribers => _subscribers;

    /// <summary>Begins; returns when the channel answers every producer.</summary>
    /// <param name="site">The site.</param>
    /// <param name="run">A name for this run's keys: state of earlier runs is not this run's.</param>
    /// <param name="on">Nodes that have a producer and a subscriber.</param>
    public static async Task<Traffic> StartAsync(SiteProcesses site, string run, params IEnumerable<NodeProcess> on)
    {
        var traffic = new Traffic(site);
        foreach (var node in site.Nodes.Where(node => node.Runs)) traffic._placements.Follow(node);
        foreach (var node in on) traffic._subscribers.Add(await Subscriber.StartAsync(node));
        foreach (var node in on) traffic._producers.Add(await Producer.StartAsync($"{run}-{node.Name}", node));
        await traffic._book.StartAsync([.. on]);
        foreach (var producer in traffic._producers) await traffic._subscribers[0].WhenAsync("the channel answers", output => output.Key == producer.Key && output.Number >= 10);
        return traffic;
    }

    /// <summary>Follows the placements on a node that was started (again).</summary>
    public void Follow(NodeProcess node) => _placements.Follow(node);

    /// <summary>After producers and subscribers lost their nodes: those connect again and go on.</summary>
    public async Task GoOnAsync(params IEnumerable<NodeProcess> nodes)
    {
        foreach (var subscriber in _subscribers.Where(one => nodes.Contains(one.Node))) await subscriber.GoOnAsync();
        foreach (var producer in _producers.Where(one => nodes.Contains(one.Node))) await producer.GoOnAsync();
    }

    /// <summary>Waits until every producer had an acknowledgement and an output that were sent after now.</summary>
    public async Task FlowsAsync(string phase)
    {
        foreach (var producer in _producers)
        {
            var last = producer.Acknowledged.Count == 0 ? 0 : producer.Acknowledged[^1];
            foreach (var subscriber in _subscribers) await subscriber.WhenAsync($"{phase}: outputs for {producer.Key} beyond {last}", output => output.Key == producer.Key && output.Number > last + 5);
        }
    }

    /// <summary>Stops the producers, waits until the last acknowledged number is out everywhere and the site is at rest, and checks everything.</summary>
    public async Task CheckAsync()
    {
        foreach (var producer in _producers) await producer.StopAsync();
        foreach (var producer in _producers)
        {
            var last = producer.Acknowledged[^1];
            foreach (var subscriber in _subscribers) await subscriber.WhenAsync($"the output of the last acknowledged reading of {producer.Key}, {last}", output => output.Key == producer.Key && output.Number == last);
        }

        await _book.StopAsync();
        await _site.AtRestAsync("after the scenario");
        foreach (var producer in _producers)
            foreach (var subscriber in _subscribers) OutputInvariants.Check(producer, subscriber.Outputs);
        _placements.Check();
        _book.Check();
        await RestInvariants.CheckAsync(_site);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var producer in _producers) await producer.DisposeAsync();
        foreach (var subscriber in _subscribers) await subscriber.DisposeAsync();
        await _book.DisposeAsync();
        await _placements.DisposeAsync();
    }
}
