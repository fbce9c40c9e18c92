using Edge.Wasm.Faults;

namespace Edge.Wasm.Instances;

/// <summary>How a guest call ended. No allocation when it succeeded.</summary>
/// <param name="Value">What the guest returned, 0 or above; meaningless after a fault.</param>
/// <param name="Fault">Null when the call succeeded.</param>
public readonly record struct CallOutcome(long Value, GuestFault? Fault)
{
    /// <summary>True when the guest returned 0 or above and its effects hold.</summary>
    public bool Succeeded => Fault is null;
}
