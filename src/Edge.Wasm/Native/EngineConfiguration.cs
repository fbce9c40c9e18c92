using System.Runtime.InteropServices;

namespace Edge.Wasm.Native;

/// <summary>Settings of the engine, each for a reason, and their fingerprint: compiled code fits only an engine with the same.</summary>
internal static partial class EngineConfiguration
{
    /// <summary>The version of the native library that the package brings.</summary>
    public const string WasmtimeVersion = "50.0.1";

    /// <summary>Stack of one guest call. A guest thread has 2 MiB, of which the host functions below the guest need the rest.</summary>
    public const int StackBytes = 512 << 10;

    /// <summary>
    /// Bytes at the start of a freed slot's memory that are zeroed in place; the rest goes back to the kernel, and both read as zeros to the next tenant. In place is faster for pages that
    /// the next instance touches (a page fault costs 3 µs on a small VM), but makes the pages resident in every slot that was ever used: create and dispose of a C module, measured,
    /// takes 6.4 µs with 0, 7.3 µs with 16 KiB and 13 µs with 128 KiB, and 10 000 freed slots keep 0, 160 MB and 1.3 GB.
    /// </summary>
    private const int KeepResidentBytes = 16 << 10;

    /// <summary>The same for tables: a page holds 512 function pointers, and giving it back would cost a system call each time.</summary>
    private const int TableKeepResidentBytes = 4 << 10;

    /// <summary>Names every setting that changes compiled code.</summary>
    public static string Fingerprint(EngineLayout layout) =>
        $"wasmtime-{WasmtimeVersion};{RuntimeInformation.ProcessArchitecture};epoch;speed;no-unwind;core-2;{(layout.Slots > 0 ? "pool" : "one-by-one")}";

    /// <summary>Makes the engine.</summary>
    public static EngineHandle NewEngine(EngineLayout layout)
    {
        // Wasmtime reads this from the native environment when it makes an engine; .NET's SetEnvironmentVariable does not reach getenv.
        _ = SetEnvironment("WASMTIME_BACKTRACE_DETAILS", "1", 1);
        var config = ConfigNew();
        SetDeadlines(config);
        ForbidWhatTheAbiHasNot(config);
        // Only .NET and Wasmtime walk these stacks, both by frame pointers; registering unwind tables costs time at each load.
        ConfigNativeUnwind(config, 0);
        ConfigStack(config, StackBytes);
        if (layout.Slots > 0) UsePool(config, layout.Slots);
        else UseSmallMemories(config);
        return new(WasmtimeApi.EngineNew(config));
    }

    private static void SetDeadlines(nint config)
    {
        ConfigEpochInterruption(config, 1);
        // No futures run here; without this each store sets up tables for them.
        ConfigConcurrency(config, 0);
    }

    private static void ForbidWhatTheAbiHasNot(nint config)
    {
        ConfigThreads(config, 0);
        ConfigSharedMemory(config, 0);
        ConfigMemory64(config, 0);
        ConfigMultiMemory(config, 0);
        ConfigFunctionReferences(config, 0);
        ConfigGc(config, 0);
        ConfigExceptions(config, 0);
        ConfigStackSwitching(config, 0);
        ConfigCustomPageSizes(config, 0);
        ConfigGcSupport(config, 0);
    }

    private static void UsePool(nint config, int slots)
    {
        ConfigMemoryReservation(config, EngineLayout.MemoryReservation);
        ConfigMemoryGuard(config, EngineLayout.MemoryGuard);
        var pool = PoolNew();
        PoolTotalInstances(pool, (uint)slots);
        PoolTotalMemories(pool, (uint)slots);
        PoolTotalTables(pool, (uint)slots);
        PoolMemorySize(pool, (nuint)EngineLayout.MemoryMaxBytes);
        PoolTableElements(pool, EngineLayout.TableElementsMax);
        PoolKeepResident(pool, KeepResidentBytes);
        PoolTableKeepResident(pool, TableKeepResidentBytes);
        PoolTotalGcHeaps(pool, 0);
        PoolTotalStacks(pool, 0);
        ConfigPool(config, pool);
        PoolDelete(pool);
    }

    private static void UseSmallMemories(nint config)
    {
        ConfigMemoryReservation(config, 0);
        ConfigMemoryGuard(config, 64 << 10);
        ConfigGrowthReservation(config, 1 << 20);
        ConfigMemoryMayMove(config, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
