using Edge.Actors.Channels;
using Edge.Actors.Modules;

namespace Edge.Actors;

/// <summary>What the system knows of itself at one moment: read by <c>/readyz</c> and <c>edge get</c> without asking an actor.</summary>
/// <param name="Phase">Where the system is in its life.</param>
/// <param name="Modules">Every declared module.</param>
/// <param name="Channels">Every channel that runs here.</param>
/// <param name="Problems">One sentence for each thing that is not as it should be; empty when all is well.</param>
public sealed record SystemStatus(
    SystemPhase Phase, IReadOnlyList<ModuleStatus> Modules, IReadOnlyList<ChannelStatus> Channels, IReadOnlyList<string> Problems)
{
    /// <summary>Whether readings can be taken: running, and no module or channel is still starting. A degraded channel does not make a node unready.</summary>
    public bool Ready => Phase == SystemPhase.Running
        && Modules.All(m => m.State != ModuleState.Loading) && Channels.All(c => c.State != ChannelState.Starting);
}

/// <summary>Where the system is in its life.</summary>
public enum SystemPhase
{
    /// <summary>Actors are being started.</summary>
    Starting,

    /// <summary>Readings are taken and processed.</summary>
    Running,

    /// <summary>No new readings; what was taken is being processed and committed.</summary>
    Draining,

    /// <summary>Everything has ended.</summary>
    Stopped,
}
