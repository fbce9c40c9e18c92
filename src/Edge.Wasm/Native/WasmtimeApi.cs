using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

/// <summary>
/// The functions of Wasmtime's C API 50.0.1 that this room uses, bound directly: the managed package allocates and checks per call and lacks
/// unchecked calls, pre-linked instances and trap frames. Owned pointers are wrapped in safe handles by their callers. Functions marked
/// <see cref="SuppressGCTransitionAttribute"/> are a few instructions, never block and never call back.
/// </summary>
internal static unsafe partial class WasmtimeApi
{
    private const string Library = "wasmtime";

    // Engine and configuration (wasmtime/config.h, engine.h).
    [LibraryImport(Library, EntryPoint = "wasm_engine_new_with_config")]
    internal static partial nint EngineNew(nint config);

    [LibraryImport(Library, EntryPoint = "wasm_engine_delete")]
    internal static partial void EngineDelete(nint engine);

    [LibraryImport(Library, EntryPoint = "wasmtime_engine_increment_epoch")]
    internal static partial void EngineIncrementEpoch(nint engine);

    // Errors and traps (wasmtime/error.h, trap.h).
    [LibraryImport(Library, EntryPoint = "wasmtime_error_delete")]
    internal static partial void ErrorDelete(nint error);

    [LibraryImport(Library, EntryPoint = "wasmtime_error_message")]
    internal static partial void ErrorMessage(nint error, WasmVector* message);

    [LibraryImport(Library, EntryPoint = "wasmtime_error_wasm_trace")]
    internal static partial void ErrorTrace(nint error, WasmVector* frames);

    [LibraryImport(Library, EntryPoint = "wasmtime_trap_new")]
    internal static partial nint TrapNew(byte* message, nuint length);

    [LibraryImport(Library, EntryPoint = "wasm_trap_delete")]
    internal static partial void TrapDelete(nint trap);

    [LibraryImport(Library, EntryPoint = "wasm_trap_message")]
    internal static partial void TrapMessage(nint trap, WasmVector* message);

    [LibraryImport(Library, EntryPoint = "wasm_trap_trace")]
    internal static partial void TrapTrace(nint trap, WasmVector* frames);

    [LibraryImport(Library, EntryPoint = "wasmtime_trap_code")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool TrapCode(nint trap, byte* code);

    [LibraryImport(Library, EntryPoint = "wasm_frame_vec_delete")]
    internal static partial void FramesDelete(WasmVector* frames);

    [LibraryImport(Library, EntryPoint = "wasm_frame_func_index")]
    internal static partial uint FrameFunctionIndex(nint frame);

    [LibraryImport(Library, EntryPoint = "wasm_frame_module_offset")]
    internal static partial nuint FrameModuleOffset(nint frame);

    [LibraryImport(Library, EntryPoint = "wasmtime_frame_func_name")]
    internal static partial WasmVector* FrameFunctionName(nint frame);

    [LibraryImport(Library, EntryPoint = "wasm_byte_vec_delete")]
    internal static partial void BytesDelete(WasmVector* bytes);

    // Text modules (wasmtime/wat.h).
    [LibraryImport(Library, EntryPoint = "wasmtime_wat2wasm")]
    internal static partial nint TextToWasm(byte* text, nuint length, WasmVector* wasm);

    // Linker (wasmtime/linker.h).
    [LibraryImport(Library, EntryPoint = "wasmtime_linker_new")]
    internal static partial nint LinkerNew(nint engine);

    [LibraryImport(Library, EntryPoint = "wasmtime_linker_delete")]
    internal static partial void LinkerDelete(nint linker);

    [LibraryImport(Library, EntryPoint = "wasmtime_linker_define_func_unchecked")]
    internal static partial nint LinkerDefine(
        nint linker, byte* module, nuint moduleLength, byte* name, nuint nameLength, nint type,
        delegate* unmanaged[Cdecl]<nint, nint, ValueRaw*, nuint, nint> callback, nint data, delegate* unmanaged[Cdecl]<nint, void> finalizer);

    [LibraryImport(Library, EntryPoint = "wasmtime_linker_instantiate_pre")]
    internal static partial nint LinkerPrelink(nint linker, nint module, nint* prelinked);

    [LibraryImport(Library, EntryPoint = "wasmtime_instance_pre_delete")]
    internal static partial void PrelinkedDelete(nint prelinked);

    [LibraryImport(Library, EntryPoint = "wasmtime_instance_pre_instantiate")]
    internal static partial nint PrelinkedInstantiate(nint prelinked, nint store, WasmInstance* instance, nint* trap);

    // Store and calls (wasmtime/store.h, func.h, memory.h, instance.h).
    [LibraryImport(Library, EntryPoint = "wasmtime_store_new")]
    internal static partial nint StoreNew(nint engine, nint data, delegate* unmanaged[Cdecl]<nint, void> finalizer);

    [LibraryImport(Library, EntryPoint = "wasmtime_store_delete")]
    internal static partial void StoreDelete(nint store);

    [LibraryImport(Library, EntryPoint = "wasmtime_store_context")]
    internal static partial nint StoreContext(nint store);

    [LibraryImport(Library, EntryPoint = "wasmtime_store_limiter")]
    internal static partial void StoreLimiter(nint store, long memoryBytes, long tableElements, long instances, long tables, long memories);

    [LibraryImport(Library, EntryPoint = "wasmtime_context_get_data"), SuppressGCTransition]
    internal static partial nint ContextData(nint context);

    [LibraryImport(Library, EntryPoint = "wasmtime_context_set_epoch_deadline"), SuppressGCTransition]
    internal static partial void ContextSetDeadline(nint context, ulong ticks);

    [LibraryImport(Library, EntryPoint = "wasmtime_func_call_unchecked")]
    internal static partial nint FuncCall(nint context, WasmFunc* func, ValueRaw* values, nuint count, nint* trap);

    [LibraryImport(Library, EntryPoint = "wasmtime_caller_context"), SuppressGCTransition]
    internal static partial nint CallerContext(nint caller);

    [LibraryImport(Library, EntryPoint = "wasmtime_caller_export_get")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool CallerExport(nint caller, byte* name, nuint length, WasmExtern* item);

    [LibraryImport(Library, EntryPoint = "wasmtime_instance_export_get")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool InstanceExport(nint context, WasmInstance* instance, byte* name, nuint length, WasmExtern* item);

    [LibraryImport(Library, EntryPoint = "wasmtime_memory_data"), SuppressGCTransition]
    internal static partial nint MemoryData(nint context, WasmMemory* memory);

    [LibraryImport(Library, EntryPoint = "wasmtime_memory_data_size"), SuppressGCTransition]
    internal static partial nuint MemoryDataSize(nint context, WasmMemory* memory);
}
