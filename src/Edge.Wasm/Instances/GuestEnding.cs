namespace Edge.Wasm.Instances;

/// <summary>Why a host function ended the guest's call; becomes the call's outcome once the guest's frames are gone.</summary>
internal abstract record GuestEnding
{
    /// <summary>A pointer outside the memory, re-entry, a failed host function: <see cref="Faults.GuestFault.HostRefusal"/>.</summary>
    public sealed record Refused(string Reason) : GuestEnding;

    /// <summary>The host function ran into the call's deadline: <see cref="Faults.GuestFault.Deadline"/>.</summary>
    public sealed record Expired(string Function) : GuestEnding;

    /// <summary>The guest called <c>proc_exit</c>.</summary>
    public sealed record Exited(int Code) : GuestEnding;
}
