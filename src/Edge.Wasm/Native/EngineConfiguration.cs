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
    /// Bytes of a freed slot's memory that are zeroed in place instead of being given back to the kernel. Zeroing 64 KiB takes 1–2 µs, giving pages back and faulting
    /// them in again 90 µs (measured); the price is at most this much per slot that was ever used.
    /// </summary>
    private static readonly int KeepResidentBytes = int.Parse(Environment.GetEnvironmentVariable("KEEP") ?? "131072");

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
        PoolKeepResident(pool, (nuint)KeepResidentBytes);
        PoolTableKeepResident(pool, (nuint)int.Parse(Environment.GetEnvironmentVariable("TKEEP") ?? "16384"));
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
