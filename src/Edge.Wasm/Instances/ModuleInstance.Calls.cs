using System.Buffers;
using System.Runtime.CompilerServices;
using Edge.Wasm.Faults;
using Edge.Wasm.Modules;
using Edge.Wasm.Native;

namespace Edge.Wasm.Instances;

// How each call begins and ends: the deadline, the result's check, what becomes of effects.
public sealed unsafe partial class ModuleInstance
{
    private void Require(ModuleKind kind)
    {
        if (Module.Kind != kind) throw new InvalidOperationException($"Module '{Name}' is a {Module.Kind}, not a {kind}.");
    }

    /// <summary>False, with the outcome, when no call can begin: the instance has ended, or a call of it is running.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryBegin(out CallOutcome refused)
    {
        if (!_store.Callable)
        {
            refused = Unusable();
            return false;
        }

        refused = default;
        Effects.Clear();
        _store.Begin(CallPhase.Working, _deadline, _deadlineTicks);
        _meter.Began(_store.Guest.DeadlineTick);
        return true;
    }

    private CallOutcome Unusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var fault = _store.Unusable();
        _meter.Failed(fault);
        return new(-1, fault);
    }

    private CallOutcome EndI32(GuestFault? fault, ValueRaw* values, string export)
    {
        _meter.Ended();
        if (fault is not null) return Failed(fault);
        var value = values->I32;
        return value < 0 ? Refused(value, export) : new(value, null);
    }

    private CallOutcome EndBytes(GuestFault? fault, ValueRaw* values, IBufferWriter<byte> output, string export)
    {
        _meter.Ended();
        if (fault is not null) return Failed(fault);
        var packed = values->I64;
        if (packed < 0) return Refused((int)Math.Max(packed, int.MinValue), export);
        var (pointer, length) = ((uint)(packed >> 32), (uint)packed);
        var memory = _store.Guest.Memory;
        if (length > (uint)memory.Length || (length > 0 && pointer > (uint)memory.Length - length))
        {
            return Failed(_store.Condemn(new GuestFault.BadResult(
                $"Module '{Name}' returned {length} bytes at {pointer} from {export}; its memory has {memory.Length} bytes.")));
        }

        var limit = _store.Guest.Limits.OutputMaxBytes;
        if (length + (long)Effects.ByteCount > limit)
        {
            return Failed(_store.Condemn(new GuestFault.BadResult(
                $"Module '{Name}' returned {length} bytes from {export} after {Effects.ByteCount} bytes of other output; limits.output allows {limit}.")));
        }

        if (length > 0) output.Write(memory.Slice((int)pointer, (int)length));
        return new(length, null);
    }

    private CallOutcome Refused(int code, string export) =>
        Failed(new GuestFault.GuestError(code, $"Module '{Name}' returned error {code} from {export}{AbiError.Describe(code)}."));

    private CallOutcome Failed(GuestFault fault)
    {
        Effects.Clear();
        _meter.Failed(fault);
        return new(-1, fault);
    }
}
