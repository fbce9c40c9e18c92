using System.Globalization;

namespace Edge.Node.Demo;

/// <summary>What the person asked the demo of several nodes for.</summary>
/// <param name="Nodes">Node processes, 3–5.</param>
/// <param name="Speed">Times the record's own speed; 0.1–1 000.</param>
/// <param name="Signal">Signal to play.</param>
/// <param name="KillAfter">Signal after which the channel's owner is killed.</param>
internal sealed record SiteDemoOptions(int Nodes, double Speed, TimeSpan Signal, TimeSpan KillAfter)
{
    /// <summary>After the last message: as long as outputs keep coming within this time, they are waited for. Longer than a failover.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>How a failover went.</summary>
/// <param name="Failover">From the owner's death to the first output of the next owner.</param>
/// <param name="Lost">Samples that were acknowledged and whose filtered output never came.</param>
/// <param name="Twice">Beats that came under two ids.</param>
internal sealed record FailoverResult(TimeSpan Failover, long Lost, long Twice)
{
    /// <summary>The summary line.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"failover {Failover.TotalSeconds:0.00} s, readings lost {Lost}, beats counted twice {Twice}");

    /// <summary>What was wrong, or null.</summary>
    public string? Complaint => (Lost, Twice) switch
    {
        (0, 0) => null,
        ( > 0, _) => $"{Lost} samples were acknowledged and did not come back filtered.",
        _ => $"{Twice} beats were published under two ids, so that no subscriber can tell that they are the same.",
    };
}

/// <summary>
/// Plays the ECG into a site of real processes, through a node that does not own the channel, kills the owner in the middle, and shows what a subscriber sees of it. Samples are counted lost by their time, as in
/// <see cref="EcgMonitor"/>.
/// </summary>
internal sealed class SiteDemo(EcgRecord record, Action<string> say, TimeProvider time)
{
    private readonly FailoverTally _tally = new(time);

    /// <summary>Runs it.</summary>
    /// <param name="options">How.</param>
    /// <param name="view">Makes the view of the signal, once there is one.</param>
    /// <param name="stop">Ends it early: then nothing is judged.</param>
    /// <exception cref="DemoException">What went wrong, for the person.</exception>
    /// <exception cref="OperationCanceledException">It was ended before the next owner had taken over.</exception>
    public async Task<FailoverResult> RunAsync(SiteDemoOptions options, Func<IMonitorView> view, CancellationToken stop)
    {
        await using var site = await DemoSite.StartAsync(options.Nodes, InstalledFiles.SiteManifests, say, time, stop);
        var placed = await site.UntilSettledAsync(stop);
        var owner = site.Nodes.Single(node => node.Name == placed.Node);
        // The third node, where there is one: then every reading and every output crosses the network.
        var other = site.Nodes.Where(node => node != owner).OrderBy(node => node.Name == placed.Standby).First();
        say(string.Create(CultureInfo.InvariantCulture, $"{options.Signal.TotalSeconds:0.#} s of ECG go to {other.Name}, which only passes them on; {owner.Name} is killed {options.KillAfter.TotalSeconds:0.#} s into it"));

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var some = new EcgRecord([.. record.Samples.Take((int)(options.Signal.TotalSeconds * EcgRecord.RateHz))]);
        var run = new DemoRun(other.Mqtt.Address.ToString(), other.Mqtt.Port, some, view(), time) { Tap = Tap };
        var playing = run.PlayAsync(new DemoOptions(options.Speed, Loop: false) { Patience = options.Patience }, ending.Token);
        var failing = FailOverAsync(site, owner, other, options.KillAfter / options.Speed, ending.Token);
        try
        {
            var both = Task.WhenAll(playing, failing);
            var lost = site.LostAsync();
            var first = await Task.WhenAny(both, Failure(playing), Failure(failing), lost);
            if (first == lost) throw new DemoException(await lost);
            await first;
            await both;
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(playing, failing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        stop.ThrowIfCancellationRequested();
        return new(await failing, (await playing).Missing, _tally.Twice);
    }

    private async Task<TimeSpan> FailOverAsync(DemoSite site, ChildNode owner, ChildNode other, TimeSpan after, CancellationToken stop)
    {
        await _tally.First.WaitAsync(stop);
        await Task.Delay(after, time, stop);
        _tally.Killed();
        owner.Kill();
        say($"{owner.Name} is dead (kill -9)");
        var placed = await site.PlacedAsync(other, placement => placement.Node.Length > 0 && placement.Node != owner.Name, stop);
        _tally.Succeeded();
        var took = await _tally.Failover.WaitAsync(stop);
        say(string.Create(CultureInfo.InvariantCulture, $"{placed.Node} owns the channel (epoch {placed.Epoch}): its first output came {took.TotalSeconds:0.00} s after the death; the longest gap between two outputs was {_tally.Silence.TotalSeconds:0.00} s"));
        return took;
    }

    private void Tap(MQTTnet.MqttApplicationMessage message)
    {
        if (PortOutput.Read(message.Payload) is { } output) _tally.Output(message.Topic, DemoClient.IdOf(message), output);
    }

    // Completes only if the task fails or is cancelled.
    private static async Task Failure(Task task)
    {
        await task;
        await new TaskCompletionSource().Task;
    }
}
