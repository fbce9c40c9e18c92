using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Edge.Wasm.Faults;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Edge.Wasm.Native;

namespace Edge.Wasm.Instances;

/// <summary>
/// One Wasmtime store with one instance of a module. One owner, one thread at a time; threads may change between calls. A fault other than
/// <see cref="Faults.GuestFault.GuestError"/> ends it: dispose it and make another. Dispose only after the last call returned.
/// A call allocates nothing unless it fails.
/// </summary>
public sealed unsafe partial class ModuleInstance : IDisposable
{
    private readonly GuestStore _store;
    private readonly InstanceLease _lease;
    private readonly ArgumentBlock _arguments;
    private readonly CallMeter _meter;
    private readonly TimeSpan _deadline;
    private readonly long _deadlineTicks;
    private WasmFunc _work;
    private WasmFunc _work2;
    private WasmFunc _snapshot;
    private bool _disposed;

    internal ModuleInstance(CompiledModule module, GuestStore store, InstanceLease lease, CallMeter meter)
    {
        Module = module;
        Effects = store.Guest.Effects;
        _store = store;
        _lease = lease;
        _meter = meter;
        _deadline = store.Guest.Limits.Deadline;
        _deadlineTicks = DeadlineTicker.TicksOf(_deadline);
        _arguments = new(store, store.Function(ExportNames.Alloc));
        (_work, _work2) = module.Kind switch
        {
            ModuleKind.Handler => (store.Function(ExportNames.Handle), default),
            ModuleKind.Stream => (store.Function(ExportNames.Stream), default),
            ModuleKind.Codec => (store.Function(ExportNames.Encode), store.Function(ExportNames.Decode)),
            ModuleKind.Http => (store.Function(ExportNames.Http), default),
            _ => (store.Function(ExportNames.Start), default(WasmFunc)),
        };
        if (module.KeepsState) _snapshot = store.Function(ExportNames.Snapshot);
    }

    /// <summary>The module.</summary>
    public CompiledModule Module { get; }

    /// <summary>What the last successful call did; valid until the next call.</summary>
    public CallEffects Effects { get; }

    /// <summary>False after a fault that ended the instance.</summary>
    public bool Alive => _store.Alive;

    /// <summary><c>edge_handle</c>.</summary>
    public CallOutcome Handle(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, long timeUs)
    {
        Require(ModuleKind.Handler);
        if (!TryBegin(out var refused)) return refused;
        if (_arguments.Place(topic, payload, out var topicAt, out var payloadAt) is { } fault) return Failed(fault);
        var values = stackalloc ValueRaw[5];
        values[0].I64 = (uint)topicAt;
        values[1].I64 = topic.Length;
        values[2].I64 = (uint)payloadAt;
        values[3].I64 = payload.Length;
        values[4].I64 = timeUs;
        return EndI32(_store.Call(ref _work, values, 5, "edge_handle"), values, "edge_handle");
    }

    /// <summary><c>edge_stream</c>; <paramref name="samples"/> are little-endian of the header's type.</summary>
    public CallOutcome Stream(in BlockHeader header, ReadOnlySpan<byte> samples)
    {
        Require(ModuleKind.Stream);
        if (!TryBegin(out var refused)) return refused;
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<BlockHeader>(in header));
        if (_arguments.Place(bytes, samples, out var headerAt, out var samplesAt) is { } fault) return Failed(fault);
        var values = stackalloc ValueRaw[3];
        values[0].I64 = (uint)headerAt;
        values[1].I64 = (uint)samplesAt;
        values[2].I64 = samples.Length / (header.Type == SampleType.F64 ? 8 : 4);
        return EndI32(_store.Call(ref _work, values, 3, "edge_stream"), values, "edge_stream");
    }

    /// <summary><c>edge_encode</c>: bytes consumed.</summary>
    public CallOutcome Encode(ReadOnlySpan<byte> chunk) => Code(ref _work, chunk, "edge_encode");

    /// <summary><c>edge_decode</c>: bytes consumed, 0 = needs more.</summary>
    public CallOutcome Decode(ReadOnlySpan<byte> chunk) => Code(ref _work2, chunk, "edge_decode");

    /// <summary><c>edge_http</c>: writes the response's bytes.</summary>
    public CallOutcome Http(ReadOnlySpan<byte> request, IBufferWriter<byte> response)
    {
        ArgumentNullException.ThrowIfNull(response);
        Require(ModuleKind.Http);
        if (!TryBegin(out var refused)) return refused;
        if (_arguments.Place(request, out var at) is { } fault) return Failed(fault);
        var values = stackalloc ValueRaw[2];
        values[0].I64 = (uint)at;
        values[1].I64 = request.Length;
        return EndBytes(_store.Call(ref _work, values, 2, "edge_http"), values, response, "edge_http");
    }

    /// <summary><c>_start</c>: the outcome's value is the exit code; effects hold only after code 0. The instance has ended afterwards.</summary>
    public CallOutcome RunCommand()
    {
        Require(ModuleKind.Command);
        if (!TryBegin(out var refused)) return refused;
        ValueRaw value = default;
        var fault = _store.Call(ref _work, &value, 1, "_start");
        var ending = _store.Guest.TakeEnding();
        _meter.Ended();
        if (fault is not null && ending is not GuestEnding.Exited) return Failed(fault);
        var code = (ending as GuestEnding.Exited)?.Code ?? 0;
        _store.End();
        if (code != 0) Effects.Clear();
        return new(code, null);
    }

    /// <summary><c>edge_snapshot</c>: writes the state. Only if <see cref="CompiledModule.KeepsState"/>.</summary>
    public CallOutcome Snapshot(IBufferWriter<byte> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (_snapshot.IsNull) throw new InvalidOperationException($"Module '{Name}' exports no edge_snapshot.");
        if (!TryBegin(out var refused)) return refused;
        _store.Guest.Phase = CallPhase.Between;
        ValueRaw value = default;
        return EndBytes(_store.Call(ref _snapshot, &value, 1, "edge_snapshot"), &value, snapshot, "edge_snapshot");
    }

    /// <summary>
    /// Finds an export of at most two i32 parameters and at most one integer result, for calls outside the ABI's kinds.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such export, or it has other types.</exception>
    public TypedCall Resolve(string export)
    {
        var signature = Module.Shape.Function(export) ?? throw new ArgumentException($"Module '{Name}' exports no function {export}.", nameof(export));
        var fits = signature.Parameters.Length <= 2 && signature.Parameters.All(p => p == 0x7f) && signature.Results is [] or [0x7f] or [0x7e];
        if (!fits) throw new ArgumentException($"Export {export} has the type {signature}; up to two i32 parameters and an integer result are allowed.", nameof(export));
        var result = signature.Results switch { [0x7f] => TypedCall.ResultKind.I32, [0x7e] => TypedCall.ResultKind.I64, _ => TypedCall.ResultKind.None };
        return new(this, export, _store.Function(System.Text.Encoding.UTF8.GetBytes(export)), signature.Parameters.Length, result);
    }

    /// <summary>Calls <c>edge_cleanup</c> if the instance is alive and exports it, bounded by the deadline, and frees the store.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        if (_store.Busy) throw new InvalidOperationException($"An instance of module '{Name}' was disposed while its call runs; wait for the call first.");
        _disposed = true;
        CleanUp();
        _meter.Flush();
        _store.Dispose();
        _lease.Return();
    }

    /// <summary>One call with its own deadline, for <see cref="TypedCall"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal GuestFault? CallRaw(ref WasmFunc function, ValueRaw* values, nuint count, string export)
    {
        if (!TryBegin(out var refused)) return refused.Fault;
        var fault = _store.Call(ref function, values, count, export);
        _meter.Ended();
        return fault is null ? null : Failed(fault).Fault;
    }

    private string Name => _store.Guest.Options.Module;

    private void CleanUp()
    {
        if (!_store.Alive || Module.Shape.Function("edge_cleanup") is null) return;
        var cleanup = _store.Function(ExportNames.Cleanup);
        _store.Begin(CallPhase.Ending, _deadline, _deadlineTicks);
        ValueRaw value = default;
        // The instance ends either way; the count is what tells of it.
        if (_store.Call(ref cleanup, &value, 1, "edge_cleanup") is { } fault) _meter.Failed(fault);
    }

    private CallOutcome Code(ref WasmFunc function, ReadOnlySpan<byte> chunk, string export)
    {
        Require(ModuleKind.Codec);
        if (!TryBegin(out var refused)) return refused;
        if (_arguments.Place(chunk, out var at) is { } fault) return Failed(fault);
        var values = stackalloc ValueRaw[2];
        values[0].I64 = (uint)at;
        values[1].I64 = chunk.Length;
        var outcome = EndI32(_store.Call(ref function, values, 2, export), values, export);
        return outcome.Succeeded && outcome.Value > chunk.Length
            ? Failed(_store.Condemn(new GuestFault.BadResult($"Module '{Name}' returned {outcome.Value} from {export} as bytes consumed; {chunk.Length} were given.")))
            : outcome;
    }
}
