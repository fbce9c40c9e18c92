using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

// wasmtime/config.h. A C bool is one byte.
internal static partial class EngineConfiguration
{
    private const string Library = "wasmtime";

    [LibraryImport(Library, EntryPoint = "wasm_config_new")]
    private static partial nint ConfigNew();

    [LibraryImport(Library, EntryPoint = "wasmtime_config_epoch_interruption_set")]
    private static partial void ConfigEpochInterruption(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_concurrency_support_set")]
    private static partial void ConfigConcurrency(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_max_wasm_stack_set")]
    private static partial void ConfigStack(nint config, nuint bytes);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_native_unwind_info_set")]
    private static partial void ConfigNativeUnwind(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_threads_set")]
    private static partial void ConfigThreads(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_shared_memory_set")]
    private static partial void ConfigSharedMemory(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_memory64_set")]
    private static partial void ConfigMemory64(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_multi_memory_set")]
    private static partial void ConfigMultiMemory(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_function_references_set")]
    private static partial void ConfigFunctionReferences(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_gc_set")]
    private static partial void ConfigGc(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_gc_support_set")]
    private static partial void ConfigGcSupport(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_exceptions_set")]
    private static partial void ConfigExceptions(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_stack_switching_set")]
    private static partial void ConfigStackSwitching(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_wasm_custom_page_sizes_set")]
    private static partial void ConfigCustomPageSizes(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_memory_reservation_set")]
    private static partial void ConfigMemoryReservation(nint config, ulong bytes);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_memory_guard_size_set")]
    private static partial void ConfigMemoryGuard(nint config, ulong bytes);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_memory_reservation_for_growth_set")]
    private static partial void ConfigGrowthReservation(nint config, ulong bytes);

    [LibraryImport(Library, EntryPoint = "wasmtime_config_memory_may_move_set")]
    private static partial void ConfigMemoryMayMove(nint config, byte on);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_strategy_set")]
    private static partial void ConfigPool(nint config, nint pool);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_new")]
    private static partial nint PoolNew();

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_delete")]
    private static partial void PoolDelete(nint pool);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_total_core_instances_set")]
    private static partial void PoolTotalInstances(nint pool, uint count);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_total_memories_set")]
    private static partial void PoolTotalMemories(nint pool, uint count);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_total_tables_set")]
    private static partial void PoolTotalTables(nint pool, uint count);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_total_stacks_set")]
    private static partial void PoolTotalStacks(nint pool, uint count);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_total_gc_heaps_set")]
    private static partial void PoolTotalGcHeaps(nint pool, uint count);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_max_memory_size_set")]
    private static partial void PoolMemorySize(nint pool, nuint bytes);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_table_elements_set")]
    private static partial void PoolTableElements(nint pool, nuint count);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_linear_memory_keep_resident_set")]
    private static partial void PoolKeepResident(nint pool, nuint bytes);

    [LibraryImport(Library, EntryPoint = "wasmtime_pooling_allocation_config_table_keep_resident_set")]
    private static partial void PoolTableKeepResident(nint pool, nuint bytes);
}
