using Edge.Actors.Channels;
using Edge.Actors.Modules;
using Edge.Actors.Placement;
using Edge.Messages.Channels;
using Proto;

namespace Edge.Actors;

// What runs changes while it runs.
public sealed partial class EdgeSystem
{
    /// <summary>Longest that one channel may take to commit and hand over its state; then it is stopped all the same, and the answer says so.</summary>
    public static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(10);

    // Held for good by the stop.
    private readonly SemaphoreSlim _changing = new(1);

    /// <summary>
    /// Makes this node run what <paramref name="site"/> declares and <paramref name="table"/> gives it: channels that it no longer owns commit, hand over and stop; those that changed do so and start again from
    /// their state; new ones start; modules are loaded and unloaded; readings of every declared channel are taken, whoever owns it. What is the same runs on untouched. One change at a time, in call order.
    /// Completes when the channels that go have stopped and those that come have begun; modules may still be compiling.
    /// </summary>
    /// <param name="site">Everything declared, already checked; a module whose bytes are not on this node is left out, with its channels.</param>
    /// <param name="table">Who owns what.</param>
    /// <exception cref="InvalidOperationException">The system is not running.</exception>
    public async Task<SiteApplied> ApplyAsync(SiteManifest site, PlacementTable table)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(table);
        if (_phase is not (SystemPhase.Running or SystemPhase.Draining)) throw new InvalidOperationException($"A site is applied to a system that is {_phase}; it must be running.");
        return await ChangeAsync(site, table);
    }

    /// <summary>
    /// Ends channels that run here at once, as when this node's lease has run out: no more readings, outputs or commits, and the outputs of the last turn are not said. What they processed since
    /// their last commit is processed again by whoever comes next. They stay ended until <see cref="ApplyAsync"/> starts them under another epoch. Completes when the guest calls that were running have ended.
    /// </summary>
    /// <param name="channels">Which; those that do not run here are passed over.</param>
    /// <param name="reason">For their status.</param>
    public Task FenceAsync(IEnumerable<ChannelId> channels, string reason) => Task.WhenAll(channels.Select(async channel =>
    {
        if (await _lookup.GetAsync(EdgeKinds.Of(channel), CancellationToken.None) is not { } pid) return;
        try
        {
            await _actors.Root.RequestAsync<ChannelFenced>(pid, new FenceChannel(reason));
        }
        catch (DeadLetterException)
        {
            // It has ended already.
        }
    }));

    private async Task<SiteApplied> ChangeAsync(SiteManifest site, PlacementTable table)
    {
        await _changing.WaitAsync();
        try
        {
            var (before, runs) = (_site.Site, _site.Table);
            var change = SiteChange.Between(before, runs, site, table, _options.Node);
            // The fence first: whoever is no longer the owner pulls nothing more from here.
            _owners.Apply(site, table);
            var stopping = change.Stops.Concat(change.Restarts.Select(c => (Channel: c, MovingTo: (string?)null)));
            var released = await Task.WhenAll(stopping.Select(s => EndAsync(s.Channel, s.MovingTo, runs.Channels[s.Channel])));
            _site.Replace(site, table);
            await DeclareAsync(site, SiteChange.ChangedModules(before, site));
            await Task.WhenAll(change.Restarts.Concat(change.Starts).Select(StartAsync));
            foreach (var channel in change.Retargets) await RetargetAsync(channel);
            return new([.. released.Take(change.Stops.Count)]);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task DeclareAsync(SiteManifest site, IReadOnlySet<Messages.Modules.ModuleId> changed)
    {
        _board.Declare(site, id => new(id, () => Intake.Lag(id), new(_metrics, id), Events));
        Intake.Apply(site.Channels);
        _actors.Root.Send(await PlacedAsync(EdgeKinds.IntakeOf(_options.Node)), new Edge.Actors.Intake.ChannelsChanged());
        if (changed.Count > 0)
            await _actors.Root.RequestAsync<ModulesChanged>(await PlacedAsync(EdgeKinds.ModulesOf(_options.Node)), new ChangeModules(site, changed));
    }

    private async Task StartAsync(ChannelId channel)
    {
        await _keeper.SettleAsync(channel);
        _board.Of(channel).RunsHere = true;
        await _lookup.StartAsync(EdgeKinds.Of(channel));
    }

    private async Task<ReleasedChannel> EndAsync(ChannelId channel, string? next, ChannelOwner owner)
    {
        var released = await ReleaseAsync(channel, next);
        await _lookup.StopAsync(EdgeKinds.Of(channel));
        if (_board.Find(channel) is { } gauge) gauge.RunsHere = false;
        return new(channel, owner.Epoch, released.Position, released.Problem);
    }

    private async Task<ChannelReleased> ReleaseAsync(ChannelId channel, string? next)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit, _options.Time);
        try
        {
            return await _actors.Root.RequestAsync<ChannelReleased>(await PlacedAsync(EdgeKinds.Of(channel)), new ReleaseChannel(next), limit.Token);
        }
        catch (OperationCanceledException)
        {
            return new(Position.Start, $"Channel '{channel}' did not come to an end within {ReleaseLimit.TotalSeconds} s.");
        }
        catch (DeadLetterException)
        {
            return new(Position.Start, $"Channel '{channel}' had failed too often and was stopped before; its last commit stands.");
        }
    }

    private async Task RetargetAsync(ChannelId channel)
    {
        var (_, owner, logs) = _site[channel];
        _actors.Root.Send(await PlacedAsync(EdgeKinds.Of(channel)), new RetargetChannel(owner, logs));
    }

    private async Task<PID> PlacedAsync(Proto.Cluster.ClusterIdentity identity) =>
        await _lookup.GetAsync(identity, CancellationToken.None) ?? throw new InvalidOperationException($"Actor '{identity.Kind}/{identity.Identity}' is not on this node.");
}
