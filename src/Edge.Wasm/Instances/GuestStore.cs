using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Edge.Wasm.Faults;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Edge.Wasm.Native;

namespace Edge.Wasm.Instances;

/// <summary>
/// One Wasmtime store: arms deadlines, makes calls, tells why they failed. After a failure nothing in it is called again, since Wasmtime does not roll
/// the guest's memory back.
/// </summary>
internal sealed unsafe class GuestStore : IDisposable
{
    private readonly CompiledModule _module;
    private readonly DeadlineTicker _ticker;
    private readonly StoreHandle _store;
    private readonly GCHandle _self;
    private readonly nint _context;
    private WasmInstance _instance;
    private TimeSpan _deadline;
    private bool _busy;

    public GuestStore(EngineHandle engine, CompiledModule module, GuestContext guest, DeadlineTicker ticker)
    {
        _module = module;
        _ticker = ticker;
        Guest = guest;
        // Freed by the store's finalizer, so that it outlives every call; weak would do, but costs twice as much per host call.
        _self = GCHandle.Alloc(guest);
        var limits = guest.Limits;
        _store = new(WasmtimeApi.StoreNew(engine.DangerousGetHandle(), GCHandle.ToIntPtr(_self), &FreeHandle));
        var store = _store.DangerousGetHandle();
        WasmtimeApi.StoreLimiter(store, limits.MemoryBytes, limits.TableElementsMax, instances: 1, tables: 1, memories: 1);
        _context = WasmtimeApi.StoreContext(store);
    }

    /// <summary>What host functions see.</summary>
    public GuestContext Guest { get; }

    /// <summary>False after a failure.</summary>
    public bool Alive { get; private set; } = true;

    /// <summary>Whether a call is running.</summary>
    public bool Busy => _busy;

    /// <summary>Whether a call can begin.</summary>
    public bool Callable => Alive & !_busy;

    /// <summary>Links, allocates and runs the module's start section. Null or the fault.</summary>
    public GuestFault? Instantiate()
    {
        var prelinked = _module.Prelinked;
        var held = false;
        prelinked.DangerousAddRef(ref held);
        nint trap = 0, error;
        _busy = true;
        fixed (WasmInstance* instance = &_instance)
            error = WasmtimeApi.PrelinkedInstantiate(prelinked.DangerousGetHandle(), _context, instance, &trap);
        _busy = false;
        prelinked.DangerousRelease();
        if ((error | trap) != 0) return Fail(NativeFailure.Take(error, trap)!, "instantiation");
        if (Find(ExportNames.Memory, out var item) && item.Kind == ExternKind.Memory) Guest.Bind(_context, item.Memory);
        return null;
    }

    /// <summary>The exported function, or one that is null.</summary>
    public WasmFunc Function(ReadOnlySpan<byte> name) => Find(name, out var item) && item.Kind == ExternKind.Func ? item.Func : default;

    /// <summary>Starts the clock for the calls that follow. <paramref name="ticks"/> is <see cref="DeadlineTicker.TicksOf"/> of <paramref name="deadline"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(CallPhase phase, TimeSpan deadline, long ticks)
    {
        Guest.Phase = phase;
        Guest.DeadlineTick = _ticker.Arm(ticks);
        _deadline = deadline;
        WasmtimeApi.ContextSetDeadline(_context, (ulong)ticks);
    }

    /// <summary>Calls; <paramref name="values"/> are the arguments and become the results. Null or the fault, after which the store is dead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public GuestFault? Call(ref WasmFunc function, ValueRaw* values, nuint count, string export)
    {
        if (!Callable) return Unusable();
        _busy = true;
        nint trap = 0, error;
        fixed (WasmFunc* func = &function) error = GuestEntry.Call(_context, func, values, count, &trap);
        _busy = false;
        return (error | trap) == 0 ? null : Fail(NativeFailure.Take(error, trap)!, export);
    }

    /// <summary>Declares the store dead because of what the guest returned.</summary>
    public GuestFault Condemn(GuestFault fault)
    {
        Alive = false;
        return fault;
    }

    /// <summary>The guest is done (a command has run): no call follows.</summary>
    public void End() => Alive = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_busy) throw new InvalidOperationException("An instance was disposed while its call runs; wait for the call first.");
        Alive = false;
        Guest.Dispose();
        _store.Dispose();
    }

    /// <summary>Why no call can begin.</summary>
    public GuestFault Unusable() => _busy
        ? new GuestFault.HostRefusal($"Module '{Guest.Options.Module}' was called while a call of the same instance runs; one call at a time is allowed.", [])
        : new GuestFault.Unavailable($"This instance of module '{Guest.Options.Module}' has ended; make another.");

    private GuestFault Fail(NativeFailure failure, string export)
    {
        Alive = false;
        var call = new FailedCall(
            Guest.Options.Module, export, _deadline, Guest.Memory.Length, Guest.Limits.MemoryBytes, _module.MemoryMinBytes);
        return FaultReader.Read(call, failure, Guest.Ending);
    }

    private bool Find(ReadOnlySpan<byte> name, out WasmExtern item)
    {
        WasmExtern found;
        bool exists;
        fixed (byte* text = name)
        fixed (WasmInstance* instance = &_instance)
            exists = WasmtimeApi.InstanceExport(_context, instance, text, (nuint)name.Length, &found);
        item = exists ? found : default;
        return exists;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeHandle(nint handle) => GCHandle.FromIntPtr(handle).Free();
}
