using Edge.Messages.Modules;
using Edge.Wasm.Modules;

namespace Edge.Actors.Modules;

/// <summary>How a module does on this node.</summary>
public enum ModuleState
{
    /// <summary>Its file is being read and compiled.</summary>
    Loading,

    /// <summary>It makes instances, and none has faulted lately.</summary>
    Ready,

    /// <summary>It faulted within the last <see cref="RestartBackoff.IntensiveCare"/>; instances are replaced as they fault.</summary>
    Degraded,

    /// <summary>It faults so often that a channel waits before it makes the next instance.</summary>
    BackingOff,

    /// <summary>It may not or cannot run here; <see cref="ModuleStatus.Reasons"/> says why. Its channels wait.</summary>
    Refused,
}

/// <summary>A module as health checks see it.</summary>
/// <param name="Id">The module.</param>
/// <param name="State">How it does.</param>
/// <param name="Digest">Digest of its bytes, once they were read.</param>
/// <param name="Kind">What it is called for, once it was loaded.</param>
/// <param name="Faults">Faults of its instances since the node started.</param>
/// <param name="Reasons">Why it is refused, or its last fault.</param>
public sealed record ModuleStatus(
    ModuleId Id, ModuleState State, ModuleDigest? Digest, ModuleKind? Kind, long Faults, IReadOnlyList<string> Reasons);
