using Edge.Wasm.Capabilities;
using Edge.Wasm.Limits;
using Edge.Wasm.Native;
using Edge.Wasm.Wasi;

namespace Edge.Wasm.Instances;

/// <summary>
/// What a host function sees of the instance that calls it. Found from the store's data pointer; it does not know the
/// <see cref="ModuleInstance"/>, so that an instance nobody holds can be collected. Used by the guest's thread only.
/// </summary>
internal sealed partial class GuestContext : IDisposable
{
    private readonly DeadlineTicker _ticker;
    private nint _context;
    private WasmMemory _memory;
    private WasiState? _wasi;

    public GuestContext(InstanceOptions options, CallEffects effects, DeadlineTicker ticker, WasmMetrics metrics)
    {
        Options = options;
        Effects = effects;
        _ticker = ticker;
        Metrics = metrics;
    }

    /// <summary>What the instance was made with.</summary>
    public InstanceOptions Options { get; }

    /// <summary>The limits, already capped.</summary>
    public ModuleLimits Limits => Options.Limits;

    /// <summary>Buffer of what the call does; host functions add to it only if <see cref="EffectsAllowed"/>.</summary>
    public CallEffects Effects { get; }

    /// <summary>Committed pairs. A <c>kv_put</c> goes to <see cref="Effects"/>; whoever applies a successful call's effects writes it here.</summary>
    public KvSpace Kv => Options.Kv;

    /// <summary>The node's clock.</summary>
    public TimeProvider Time => _ticker.Time;

    /// <summary>Counters.</summary>
    public WasmMetrics Metrics { get; }

    /// <summary>Descriptors and folders of WASI, made on first use.</summary>
    public WasiState Wasi => _wasi ??= new(this);

    /// <summary>What the host is asking of the guest.</summary>
    public CallPhase Phase { get; set; }

    /// <summary>False outside a working export: an effect then returns <c>EDGE_E_STATE</c> (guests/ABI.md §6).</summary>
    public bool EffectsAllowed => Phase == CallPhase.Working;

    /// <summary>Tick at which the call's deadline is due.</summary>
    public long DeadlineTick { get; set; }

    /// <summary>
    /// Wall-clock time that the call has left, in whole ticks of 10 ms; zero when it is overdue. A host function that waits must wait no longer
    /// and then call <see cref="Expire"/>.
    /// </summary>
    public TimeSpan Remaining => DeadlineTicker.Tick * Math.Max(0, DeadlineTick - _ticker.Now);

    /// <summary>Why the call must end, if a host function said so.</summary>
    public GuestEnding? Ending { get; private set; }

    /// <summary>Whether the memory is known: false in the first instructions of an instance.</summary>
    public bool IsBound { get; private set; }

    /// <summary>The guest's linear memory now. Valid until the host function returns; take it anew after anything that ran the guest.</summary>
    public unsafe Span<byte> Memory
    {
        get
        {
            if (!IsBound) return [];
            fixed (WasmMemory* memory = &_memory)
            {
                var size = WasmtimeApi.MemoryDataSize(_context, memory);
                return new((void*)WasmtimeApi.MemoryData(_context, memory), (int)Math.Min(size, int.MaxValue));
            }
        }
    }

    /// <summary>The guest's bytes at <paramref name="pointer"/>. When they leave the memory the call is refused (see <see cref="Refuse"/>) and false returned; the caller returns at once.</summary>
    public bool TrySlice(int pointer, int length, out Span<byte> bytes)
    {
        var memory = Memory;
        // An i32 is unsigned to the guest: a negative pointer is one beyond 2 GiB, which no memory here has.
        if ((uint)length <= (uint)memory.Length && (uint)pointer <= (uint)memory.Length - (uint)length)
        {
            bytes = memory.Slice(pointer, length);
            return true;
        }

        bytes = [];
        if (length == 0) return true;
        Refuse($"The guest gave {(uint)length} bytes at {(uint)pointer} to an import; its memory has {memory.Length} bytes.");
        return false;
    }

    /// <summary>Ends the call with <see cref="Faults.GuestFault.HostRefusal"/> as soon as the host function returns. Returns 0 for <c>return guest.Refuse(…)</c>.</summary>
    public long Refuse(string reason)
    {
        Ending ??= new GuestEnding.Refused(reason);
        return 0;
    }

    /// <summary>Ends the call with <see cref="Faults.GuestFault.Deadline"/>: the host function <paramref name="function"/> waited until the deadline.</summary>
    public long Expire(string function)
    {
        Ending ??= new GuestEnding.Expired(function);
        return 0;
    }

    /// <summary>Ends the guest with an exit code (<c>proc_exit</c>).</summary>
    public long Exit(int code)
    {
        Ending ??= new GuestEnding.Exited(code);
        return 0;
    }

    /// <summary>Counts a use outside the grant in <c>edge.module.denied</c>.</summary>
    /// <param name="capability">The word of the grant, such as <c>fs</c>.</param>
    public void Denied(string capability) => Metrics.Denied(Options.Module, capability);

    /// <inheritdoc/>
    public void Dispose() => DisposeHostState();

    /// <summary>Tells the context which native store and memory are its own; until then <see cref="Memory"/> is empty.</summary>
    public void Bind(nint context, in WasmMemory memory)
    {
        _context = context;
        _memory = memory;
        IsBound = true;
    }

    /// <summary>The pending ending, once.</summary>
    public GuestEnding? TakeEnding()
    {
        var ending = Ending;
        Ending = null;
        return ending;
    }
}
