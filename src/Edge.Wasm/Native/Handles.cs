using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

/// <summary>A <c>wasm_engine_t</c>. Stores, modules and linkers keep what they need of it alive themselves.</summary>
internal sealed class EngineHandle(nint engine) : SafeHandle(engine, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>One tick: calls whose deadline it is are stopped.</summary>
    public void IncrementEpoch() => WasmtimeApi.EngineIncrementEpoch(handle);

    protected override bool ReleaseHandle()
    {
        WasmtimeApi.EngineDelete(handle);
        return true;
    }
}

/// <summary>A <c>wasmtime_linker_t</c> with all host functions.</summary>
internal sealed class LinkerHandle(nint linker) : SafeHandle(linker, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        WasmtimeApi.LinkerDelete(handle);
        return true;
    }
}

/// <summary>A <c>wasmtime_module_t</c>.</summary>
internal sealed class CodeHandle(nint module) : SafeHandle(module, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        WasmtimeApi.ModuleDelete(handle);
        return true;
    }
}

/// <summary>A <c>wasmtime_instance_pre_t</c>: a module whose imports are already linked and checked.</summary>
internal sealed class PrelinkedHandle(nint prelinked) : SafeHandle(prelinked, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        WasmtimeApi.PrelinkedDelete(handle);
        return true;
    }
}

/// <summary>
/// A <c>wasmtime_store_t</c>. A safe handle for its finalizer alone: a forgotten store holds megabytes that the collector knows nothing of. Calls go by the
/// raw context pointer, since counting references would cost as much as the call; <see cref="Instances.ModuleInstance"/> keeps the order.
/// </summary>
internal sealed class StoreHandle(nint store) : SafeHandle(store, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        WasmtimeApi.StoreDelete(handle);
        return true;
    }
}
