using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

// Modules and the types of their imports and exports (wasmtime/module.h, wasm.h, wasmtime/memory.h).
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

    [LibraryImport(Library, EntryPoint = "wasmtime_module_imports")]
    internal static partial void ModuleImports(nint module, WasmVector* imports);

    [LibraryImport(Library, EntryPoint = "wasmtime_module_exports")]
    internal static partial void ModuleExports(nint module, WasmVector* exports);

    [LibraryImport(Library, EntryPoint = "wasm_importtype_vec_delete")]
    internal static partial void ImportsDelete(WasmVector* imports);

    [LibraryImport(Library, EntryPoint = "wasm_exporttype_vec_delete")]
    internal static partial void ExportsDelete(WasmVector* exports);

    [LibraryImport(Library, EntryPoint = "wasm_importtype_module")]
    internal static partial WasmVector* ImportModule(nint import);

    [LibraryImport(Library, EntryPoint = "wasm_importtype_name")]
    internal static partial WasmVector* ImportName(nint import);

    [LibraryImport(Library, EntryPoint = "wasm_importtype_type")]
    internal static partial nint ImportType(nint import);

    [LibraryImport(Library, EntryPoint = "wasm_exporttype_name")]
    internal static partial WasmVector* ExportName(nint export);

    [LibraryImport(Library, EntryPoint = "wasm_exporttype_type")]
    internal static partial nint ExportType(nint export);

    [LibraryImport(Library, EntryPoint = "wasm_externtype_kind")]
    internal static partial ExternKind ExternTypeKind(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_externtype_as_functype_const")]
    internal static partial nint AsFuncType(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_externtype_as_memorytype_const")]
    internal static partial nint AsMemoryType(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_functype_params")]
    internal static partial WasmVector* FuncParameters(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_functype_results")]
    internal static partial WasmVector* FuncResults(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_functype_new")]
    internal static partial nint FuncTypeNew(WasmVector* parameters, WasmVector* results);

    [LibraryImport(Library, EntryPoint = "wasm_functype_delete")]
    internal static partial void FuncTypeDelete(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_valtype_new")]
    internal static partial nint ValueTypeNew(byte kind);

    [LibraryImport(Library, EntryPoint = "wasm_valtype_kind")]
    internal static partial byte ValueTypeKind(nint type);

    [LibraryImport(Library, EntryPoint = "wasm_valtype_vec_new")]
    internal static partial void ValueTypesNew(WasmVector* types, nuint count, nint* items);

    [LibraryImport(Library, EntryPoint = "wasmtime_memorytype_minimum")]
    internal static partial ulong MemoryMinimumPages(nint type);
}
