using Edge.Messages.Channels;

namespace Edge.Actors.Modules;

/// <summary>How a module does, from what its channels report: pure, the caller brings the time.</summary>
internal sealed class ModuleHealth
{
    private readonly Dictionary<ChannelId, (TimeSpan At, TimeSpan Pause)> _last = [];

    /// <summary>Faults so far.</summary>
    public long Faults { get; private set; }

    /// <summary>What the last fault said.</summary>
    public string? LastFault { get; private set; }

    /// <summary>Notes faults of a channel's instances.</summary>
    public void Note(ChannelId channel, int faults, string? message, TimeSpan rest, TimeSpan now)
    {
        Faults += faults;
        LastFault = message ?? LastFault;
        _last[channel] = (now, rest);
    }

    /// <summary>Backing off while a channel waits; degraded until every channel has behaved for <see cref="RestartBackoff.IntensiveCare"/>; else ready.</summary>
    public ModuleState StateAt(TimeSpan now)
    {
        if (_last.Values.Any(l => l.Pause > TimeSpan.Zero && now < l.At + l.Pause)) return ModuleState.BackingOff;
        return _last.Values.Any(l => now < l.At + l.Pause + RestartBackoff.IntensiveCare) ? ModuleState.Degraded : ModuleState.Ready;
    }
}
