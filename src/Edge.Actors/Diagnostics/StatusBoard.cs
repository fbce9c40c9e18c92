using System.Collections.Concurrent;
using Edge.Actors.Channels;
using Edge.Actors.Modules;
using Edge.Messages.Channels;
using Edge.Messages.Modules;

namespace Edge.Actors.Diagnostics;

/// <summary>Where actors write how they do, and anybody reads it without asking them. Thread-safe.</summary>
internal sealed class StatusBoard(EdgeEvents events)
{
    private readonly ConcurrentDictionary<ModuleId, ModuleStatus> _modules = new();
    private readonly ConcurrentDictionary<ChannelId, ChannelGauge> _channels = new();

    /// <summary>Transitions.</summary>
    public EdgeEvents Events => events;

    /// <summary>Replaces a module's status; a change of state is an event.</summary>
    public void Show(ModuleStatus status)
    {
        var before = _modules.GetValueOrDefault(status.Id)?.State;
        _modules[status.Id] = status;
        if (before != status.State && status.State is ModuleState.Ready or ModuleState.Degraded or ModuleState.BackingOff && before is not ModuleState.Loading)
            events.Publish(new EdgeEvent.ModuleHealthChanged(status.Id, status.State));
    }

    /// <summary>A module is gone, or is deployed anew.</summary>
    public void Forget(ModuleId module) => _modules.TryRemove(module, out _);

    /// <summary>The modules and channels that are declared from now on. Those that stay keep their counts; channels are shown once they run here.</summary>
    public void Declare(SiteManifest site, Func<ChannelId, ChannelGauge> gauge)
    {
        foreach (var module in site.Modules) _modules.TryAdd(module.Id, new(module.Id, ModuleState.Loading, null, null, 0, []));
        foreach (var channel in site.Channels) _channels.GetOrAdd(channel.Id, gauge);
        foreach (var gone in _channels.Keys.Except(site.Channels.Select(c => c.Id))) _channels.TryRemove(gone, out _);
    }

    /// <summary>A declared channel's gauge.</summary>
    public ChannelGauge Of(ChannelId channel) => _channels[channel];

    /// <summary>A channel's gauge, or null when it is not declared any more.</summary>
    public ChannelGauge? Find(ChannelId channel) => _channels.GetValueOrDefault(channel);

    /// <summary>All channels that run here.</summary>
    public IEnumerable<ChannelGauge> Channels => _channels.Values.Where(c => c.RunsHere);

    /// <summary>Everything at this moment.</summary>
    public SystemStatus Read(SystemPhase phase)
    {
        ModuleStatus[] modules = [.. _modules.Values.OrderBy(m => m.Id.ToString(), StringComparer.Ordinal)];
        ChannelStatus[] channels = [.. Channels.Select(c => c.Status).OrderBy(c => c.Id.ToString(), StringComparer.Ordinal)];
        var problems = new List<string>();
        foreach (var module in modules.Where(m => m.State is ModuleState.Refused or ModuleState.BackingOff or ModuleState.Degraded))
            problems.Add($"Module '{module.Id}' is {Word(module.State)}: {string.Join(" ", module.Reasons)}");
        foreach (var channel in channels.Where(c => c.State is ChannelState.Degraded or ChannelState.BackingOff or ChannelState.Failed))
            problems.Add($"Channel '{channel.Id}' is {Word(channel.State)}: {channel.Reason}");
        return new(phase, modules, channels, problems);
    }

    private static string Word(ModuleState state) => state switch { ModuleState.BackingOff => "backing off", _ => state.ToString().ToLowerInvariant() };

    private static string Word(ChannelState state) => state switch { ChannelState.BackingOff => "backing off", _ => state.ToString().ToLowerInvariant() };
}
