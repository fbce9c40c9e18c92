using Edge.Actors;
using Edge.Actors.Channels;
using Edge.Actors.Modules;
using Edge.Node.Storage;

namespace Edge.Node.Admin;

/// <summary>
/// The truth about a node, for <c>/healthz</c> and <c>/readyz</c>: pure, from what its parts say of themselves.
/// Alive: it can keep what it is given. Ready: it takes readings, its disk has room, and every module and channel has come up. A channel or module that is degraded, or was refused, is named
/// but makes neither false: one tenant's bad module takes no node out of service.
/// </summary>
/// <param name="Alive">Whether a restart would not help.</param>
/// <param name="Ready">Whether the node does its job.</param>
/// <param name="Status">One word: ok, degraded, starting, draining, stopped or failed.</param>
/// <param name="Parts">Those that are not ok.</param>
internal sealed record NodeHealth(bool Alive, bool Ready, string Status, IReadOnlyList<PartHealth> Parts)
{
    // Each is a sentence or two; a page with a thousand of them helps nobody.
    private const int DamageShown = 5;

    /// <summary>Before the parts exist.</summary>
    public static NodeHealth Starting { get; } = new(Alive: true, Ready: false, "starting", []);

    /// <summary>Judges the parts.</summary>
    /// <param name="system">The actors.</param>
    /// <param name="intake">The intake log.</param>
    /// <param name="state">The channel store.</param>
    /// <param name="room">Room on the data folder's disk; null when the disk does not answer.</param>
    /// <param name="site">What is not well with the node's part in its site.</param>
    public static NodeHealth Of(SystemStatus system, IntakeHealth intake, StateDamage state, DiskRoom? room, IEnumerable<PartHealth> site)
    {
        PartHealth?[] all = [OfDisk(room), OfIntake(intake), OfState(state), .. site, .. system.Modules.Select(OfModule), .. system.Channels.Select(OfChannel)];
        PartHealth[] parts = [.. all.OfType<PartHealth>()];
        var alive = intake.State != IntakeState.Failed;
        return new(alive, alive && intake.State == IntakeState.Open && room is { IsEnough: true } && system.Ready, Word(alive, system, parts), parts);
    }

    private static string Word(bool alive, SystemStatus system, PartHealth[] parts) =>
        !alive ? "failed"
        : system.Phase != SystemPhase.Running ? system.Phase.ToString().ToLowerInvariant()
        : !system.Ready ? "starting"
        : parts.Length > 0 ? "degraded"
        : "ok";

    private static PartHealth? OfDisk(DiskRoom? room) => room switch
    {
        null => new("disk", PartCondition.Failed, "The disk of the data folder does not answer. Check it (dmesg, smartctl)."),
        { IsEnough: false } few => new("disk", PartCondition.Degraded, $"{few.FreeBytes >> 20} MiB are free on the disk of the data folder; {DiskRoom.LeastBytes >> 20} MiB are needed. Free some space."),
        _ => null,
    };

    private static PartHealth? OfIntake(IntakeHealth intake) => intake.State switch
    {
        IntakeState.Failed => new("intake", PartCondition.Failed, intake.Problem),
        IntakeState.OutOfRoom => new("intake", PartCondition.Degraded, intake.Problem),
        _ => intake.Damage.Count == 0 ? null
            : new("intake", PartCondition.Degraded, string.Join(" ", intake.Damage.TakeLast(DamageShown)) + (intake.Damage.Count > DamageShown ? $" And {intake.Damage.Count - DamageShown} more before." : "")),
    };

    private static PartHealth? OfState(StateDamage state) =>
        state.Sentences.Count == 0 ? null : new("state", PartCondition.Degraded, string.Join(" ", state.Sentences));

    private static PartHealth? OfModule(ModuleStatus module) => module.State switch
    {
        ModuleState.Ready => null,
        ModuleState.Refused => new($"module {module.Id}", PartCondition.Failed, string.Join(" ", module.Reasons)),
        ModuleState.Loading => new($"module {module.Id}", PartCondition.Degraded, "It is being compiled."),
        _ => new($"module {module.Id}", PartCondition.Degraded, string.Join(" ", module.Reasons)),
    };

    private static PartHealth? OfChannel(ChannelStatus channel) => channel.State switch
    {
        ChannelState.Running => null,
        ChannelState.Failed => new($"channel {channel.Id}", PartCondition.Failed, channel.Reason),
        ChannelState.Starting => new($"channel {channel.Id}", PartCondition.Degraded, "Its state is being loaded."),
        _ => new($"channel {channel.Id}", PartCondition.Degraded, channel.Reason),
    };
}
