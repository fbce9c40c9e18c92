using Edge.Wasm.Faults;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Edge.Wasm.Native;

namespace Edge.Wasm.Instances;

/// <summary>The start of an instance (guests/ABI.md §1): instantiate, <c>_initialize</c>, <c>edge_abi</c>, <c>edge_init</c>, <c>edge_restore</c>, under one deadline.</summary>
internal static unsafe class InstanceStart
{
    /// <summary>Null when the instance can be called.</summary>
    public static GuestFault? Run(CompiledModule module, GuestStore store)
    {
        var options = store.Guest.Options;
        if (TooSmall(module, options) is { } small) return small;
        var deadline = options.Limits.StartDeadline;
        store.Begin(CallPhase.Starting, deadline, DeadlineTicker.TicksOf(deadline));
        var fault = store.Instantiate()
            ?? Plain(store, module, ExportNames.Initialize, "_initialize")
            ?? CheckAbi(store, module)
            ?? Give(store, module, ExportNames.Init, "edge_init", options.Config.Span)
            ?? Restore(store, module, options);
        store.Guest.Phase = CallPhase.Idle;
        return fault;
    }

    private static GuestFault? TooSmall(CompiledModule module, InstanceOptions options)
    {
        if (module.MemoryMinBytes > options.Limits.MemoryBytes)
        {
            return new GuestFault.Memory(
                $"Module '{options.Module}' starts with {module.MemoryMinBytes >> 10} KiB of memory; limits.memory allows {options.Limits.MemoryBytes >> 10} KiB. Raise limits.memory, or the tenant's.", []);
        }

        var elements = module.Shape.Tables.Sum(t => (decimal)t.Min);
        if (elements > options.Limits.TableElementsMax)
        {
            return new GuestFault.Unavailable(
                $"Module '{options.Module}' starts with a table of {elements} elements; limits.tableElements allows {options.Limits.TableElementsMax}. Raise limits.tableElements, or the tenant's.");
        }

        return null;
    }

    private static GuestFault? Plain(GuestStore store, CompiledModule module, ReadOnlySpan<byte> name, string text)
    {
        if (module.Shape.Function(text) is null) return null;
        var function = store.Function(name);
        ValueRaw value = default;
        return store.Call(ref function, &value, 1, text);
    }

    private static GuestFault? CheckAbi(GuestStore store, CompiledModule module)
    {
        if (module.Shape.Function(ExportNames.AbiName) is null) return null;
        var function = store.Function(ExportNames.Abi);
        ValueRaw value = default;
        if (store.Call(ref function, &value, 1, ExportNames.AbiName) is { } fault) return fault;
        return value.I32 == AbiCheck.Version
            ? null
            : new GuestFault.Unavailable($"Module '{store.Guest.Options.Module}' was built for edge ABI {value.I32}; this node offers ABI {AbiCheck.Version}. Build it with an SDK of ABI {AbiCheck.Version}.");
    }

    private static GuestFault? Restore(GuestStore store, CompiledModule module, InstanceOptions options)
    {
        if (options.Snapshot is not { } snapshot) return null;
        return module.KeepsState
            ? Give(store, module, ExportNames.Restore, "edge_restore", snapshot.Span)
            : new GuestFault.Unavailable($"Module '{options.Module}' exports no edge_restore, but there is a snapshot of {snapshot.Length} bytes to go on from. Deploy the version that made it, or reset the channel's state.");
    }

    private static GuestFault? Give(GuestStore store, CompiledModule module, ReadOnlySpan<byte> name, string text, ReadOnlySpan<byte> bytes)
    {
        if (module.Shape.Function(text) is null) return null;
        // A block of its own: the start's arguments may be far larger than any call's.
        if (new ArgumentBlock(store, store.Function(ExportNames.Alloc)).Place(bytes, out var at) is { } fault) return fault;
        var function = store.Function(name);
        var values = stackalloc ValueRaw[2];
        values[0].I64 = (uint)at;
        values[1].I64 = bytes.Length;
        fault = store.Call(ref function, values, 2, text);
        if (fault is not null || values->I32 >= 0) return fault;
        return new GuestFault.Unavailable(
            $"Module '{store.Guest.Options.Module}' returned error {values->I32} from {text}{AbiError.Describe(values->I32)}, so it does not start. Check its config{(text == "edge_restore" ? " and its saved state" : "")}.");
    }
}
