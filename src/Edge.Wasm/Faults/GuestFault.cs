namespace Edge.Wasm.Faults;

/// <summary>
/// Why a guest call failed: a value, not an exception, since guests are expected to fail. Every fault but
/// <see cref="GuestError"/> ends the instance (its memory is in an unknown state); the closed set is what callers switch over.
/// </summary>
/// <param name="Message">One sentence for people: what failed, with the value and what is allowed.</param>
/// <param name="Backtrace">The guest's frames, innermost first; empty if the guest was not on the stack.</param>
public abstract record GuestFault(string Message, IReadOnlyList<GuestFrame> Backtrace)
{
    /// <summary>The word for this kind of fault in metrics and messages, such as <c>deadline</c>.</summary>
    public abstract string Reason { get; }

    /// <summary>Whether the instance can be called again: only after an error that the guest itself returned.</summary>
    public virtual bool InstanceSurvives => false;

    /// <summary>The call outlived its deadline, in guest code or in a host call.</summary>
    public sealed record Deadline(string Message, IReadOnlyList<GuestFrame> Backtrace) : GuestFault(Message, Backtrace)
    {
        /// <inheritdoc/>
        public override string Reason => "deadline";
    }

    /// <summary>The guest could not get the memory it needed within its limit.</summary>
    public sealed record Memory(string Message, IReadOnlyList<GuestFrame> Backtrace) : GuestFault(Message, Backtrace)
    {
        /// <inheritdoc/>
        public override string Reason => "memory";
    }

    /// <summary>The guest used up its stack.</summary>
    public sealed record Stack(string Message, IReadOnlyList<GuestFrame> Backtrace) : GuestFault(Message, Backtrace)
    {
        /// <inheritdoc/>
        public override string Reason => "stack";
    }

    /// <summary>The guest trapped.</summary>
    /// <param name="Code">Wasmtime's trap code, such as <c>unreachable</c> or <c>memory_out_of_bounds</c>.</param>
    /// <param name="Message">See <see cref="GuestFault.Message"/>.</param>
    /// <param name="Backtrace">See <see cref="GuestFault.Backtrace"/>.</param>
    public sealed record Trap(string Code, string Message, IReadOnlyList<GuestFrame> Backtrace) : GuestFault(Message, Backtrace)
    {
        /// <inheritdoc/>
        public override string Reason => "trap";
    }

    /// <summary>The guest returned a pointer or length outside its memory or beyond its output limit.</summary>
    public sealed record BadResult(string Message) : GuestFault(Message, [])
    {
        /// <inheritdoc/>
        public override string Reason => "bad_result";
    }

    /// <summary>A host function refused the call in a way that ends it: a pointer outside the guest's memory, re-entry, <c>proc_exit</c>.</summary>
    public sealed record HostRefusal(string Message, IReadOnlyList<GuestFrame> Backtrace) : GuestFault(Message, Backtrace)
    {
        /// <inheritdoc/>
        public override string Reason => "host_refusal";
    }

    /// <summary>The guest returned an error of its own (below 0, guests/ABI.md §7). The instance lives on; the call's effects are dropped.</summary>
    /// <param name="Code">The negative code.</param>
    /// <param name="Message">See <see cref="GuestFault.Message"/>.</param>
    public sealed record GuestError(int Code, string Message) : GuestFault(Message, [])
    {
        /// <inheritdoc/>
        public override string Reason => "guest_error";

        /// <inheritdoc/>
        public override bool InstanceSurvives => true;
    }

    /// <summary>No instance could be made: a limit of live instances, of memory maps, or the module's start failed before any call.</summary>
    public sealed record Unavailable(string Message) : GuestFault(Message, [])
    {
        /// <inheritdoc/>
        public override string Reason => "unavailable";
    }
}

/// <summary>One frame of a guest's stack.</summary>
/// <param name="Function">The name from the module's name section, or <c>wasm-function[N]</c> where it has none.</param>
/// <param name="ModuleOffset">Offset of the instruction in the module's bytes.</param>
/// <param name="Location"><c>file:line</c> where the module has DWARF, else null.</param>
public sealed record GuestFrame(string Function, long ModuleOffset, string? Location);
