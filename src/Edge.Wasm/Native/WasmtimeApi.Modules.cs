using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

// Modules and function types (wasmtime/module.h, wasm.h). The types of a module's imports and exports are not asked here: wasm_valtype_kind aborts the
// process at a v128 parameter, which any module may have; Modules.ModuleShape reads them from the bytes.
internal static unsafe partial class WasmtimeApi
{
    [LibraryImport(Library, EntryPoint = "wasmtime_module_new")]
    internal static partial nint ModuleNew(nint engine, byte* wasm, nuint length, nint* module);

    [LibraryImport(Library, EntryPoint = "wasmtime_module_delete")]
    internal static partial void ModuleDelete(nint module);

    [LibraryImport(Library, EntryPoint = "wasmtime_module_serialize")]
    internal static partial nint ModuleSerialize(nint module, WasmVector* compiled);

    [LibraryImport(Library, EntryPoint = "wasmtime_module_deserialize_file", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ModuleDeserializeFile(nint engine, string path, nint* module);

    [LibraryImport(Library, EntryPoint = "wasm_functype_new")]
    internal static partial nint FuncTypeNew(WasmVector* parameters, WasmVector* results);

    [LibraryImport(Library, EntryPoint = "wasm_functype_delete")]
    internal static partial void FuncTypeDelete(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_valtype_new")]
    internal static partial nint ValueTypeNew(byte kind);

    [LibraryImport(Library, EntryPoint = "wasm_valtype_vec_new")]
    internal static partial void ValueTypesNew(WasmVector* types, nuint count, nint* items);
}
