using System.Globalization;
using System.Text.RegularExpressions;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Faults;

/// <summary>What is known of a guest when its call failed.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Export">The export that was called.</param>
/// <param name="Deadline">The deadline of the call.</param>
/// <param name="MemoryBytes">Its memory then.</param>
/// <param name="MemoryMaxBytes">What its memory may grow to.</param>
/// <param name="MemoryMinBytes">What its memory starts with.</param>
internal readonly record struct FailedCall(
    string Module, string Export, TimeSpan Deadline, long MemoryBytes, long MemoryMaxBytes, long MemoryMinBytes);

/// <summary>
/// Makes a fault of what Wasmtime says. A trap's code is not always the cause: a Go program that gets no memory dies of a stack overflow inside its own panic (measured), and a C
/// program that overruns the stack in its linear memory dies of an access out of bounds. Both are told by their traces.
/// </summary>
internal static partial class FaultReader
{
    /// <summary>C's stack grows down to address 0, then wraps to just below 4 GiB.</summary>
    private const long WrappedStackBytes = 16 << 20;

    /// <summary>The fault.</summary>
    public static GuestFault Read(in FailedCall call, NativeFailure failure, GuestEnding? ending)
    {
        var frames = BacktraceText.Frames(failure);
        var who = $"Module '{call.Module}'";
        if (ending is GuestEnding.Exited gaveUp && AllocatorFailed(call, frames)) return OutOfMemory(call, frames, who, $"proc_exit({gaveUp.Code})");
        return ending switch
        {
            GuestEnding.Refused refused => new GuestFault.HostRefusal($"{who} was ended in {call.Export}: {refused.Reason}", frames),
            GuestEnding.Expired expired => new GuestFault.Deadline($"{who} waited in {expired.Function} until the deadline of {Text(call.Deadline)} of {call.Export}.", frames),
            GuestEnding.Exited exited => new GuestFault.HostRefusal($"{who} called proc_exit({exited.Code}) in {call.Export}; only a command may end itself.", frames),
            _ => ReadTrap(call, failure, frames, who),
        };
    }

    /// <summary>Wasmtime's name of a trap, as metrics and messages have it.</summary>
    public static string NameOf(TrapCode? code) => code switch
    {
        TrapCode.StackOverflow => "stack_overflow",
        TrapCode.MemoryOutOfBounds => "memory_out_of_bounds",
        TrapCode.HeapMisaligned => "heap_misaligned",
        TrapCode.TableOutOfBounds => "table_out_of_bounds",
        TrapCode.IndirectCallToNull => "indirect_call_to_null",
        TrapCode.BadSignature => "bad_signature",
        TrapCode.IntegerOverflow => "integer_overflow",
        TrapCode.IntegerDivisionByZero => "integer_division_by_zero",
        TrapCode.BadConversionToInteger => "bad_conversion_to_integer",
        TrapCode.UnreachableCodeReached => "unreachable",
        TrapCode.Interrupt => "interrupt",
        null => "error",
        _ => $"code_{(int)code}",
    };

    private static GuestFault ReadTrap(in FailedCall call, NativeFailure failure, IReadOnlyList<GuestFrame> frames, string who)
    {
        if (failure.Code is null && frames.Count == 0) return new GuestFault.Unavailable($"{who} gets no instance: {failure.Cause}.");
        var where = frames.Count > 0 ? $" in {frames[0].Function}{(frames[0].Location is { } at ? $" ({at})" : "")}" : "";
        if (failure.Code == TrapCode.Interrupt)
            return new GuestFault.Deadline($"{who} was stopped{where}: {call.Export} outlived its deadline of {Text(call.Deadline)}.", frames);
        if (LacksMemory(call, failure, frames)) return OutOfMemory(call, frames, who, $"{NameOf(failure.Code)}{where}");
        if (failure.Code == TrapCode.StackOverflow)
            return new GuestFault.Stack($"{who} used up its stack of {EngineConfiguration.StackBytes >> 10} KiB in {call.Export}{where}.", frames);
        if (OverranOwnStack(failure, frames))
            return new GuestFault.Stack($"{who} used up the stack in its own memory in {call.Export}{where}: {failure.Cause}. Link it with a larger one (-Wl,-z,stack-size=…) or recurse less.", frames);
        return new GuestFault.Trap(NameOf(failure.Code), $"{who} trapped in {call.Export}{where}: {failure.Cause}.", frames);
    }

    private static GuestFault.Memory OutOfMemory(in FailedCall call, IReadOnlyList<GuestFrame> frames, string who, string end) => new(
        $"{who} ran out of memory in {call.Export}: it had {Kib(call.MemoryBytes)} of {Kib(call.MemoryMaxBytes)} and gave up ({end}). Raise limits.memory or use less.", frames);

    /// <summary>
    /// Wasmtime does not say that growing was refused. A guest that has grown to within an eighth of its limit, or that gave up inside its allocator, could not grow further.
    /// </summary>
    private static bool LacksMemory(in FailedCall call, NativeFailure failure, IReadOnlyList<GuestFrame> frames)
    {
        if (failure.Code is not (TrapCode.UnreachableCodeReached or TrapCode.StackOverflow or TrapCode.MemoryOutOfBounds)) return false;
        if (AllocatorFailed(call, frames)) return true;
        var growable = call.MemoryMaxBytes - call.MemoryMinBytes;
        return failure.Code != TrapCode.MemoryOutOfBounds && call.MemoryBytes > call.MemoryMinBytes && call.MemoryMaxBytes - call.MemoryBytes <= growable / 8;
    }

    private static bool AllocatorFailed(in FailedCall call, IReadOnlyList<GuestFrame> frames) =>
        call.MemoryBytes > call.MemoryMaxBytes / 2 && frames.Any(f => AllocatorFrame().IsMatch(f.Function));

    private static bool OverranOwnStack(NativeFailure failure, IReadOnlyList<GuestFrame> frames)
    {
        if (failure.Code != TrapCode.MemoryOutOfBounds || FaultAddress().Match(failure.Text) is not { Success: true } match) return false;
        var address = long.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var recurses = frames.GroupBy(f => f.Function).Any(g => g.Count() >= 3);
        return recurses && address >= (1L << 32) - WrappedStackBytes;
    }

    private static string Text(TimeSpan time) => $"{time.TotalMilliseconds:0} ms";

    private static string Kib(long bytes) => $"{bytes >> 10} KiB";

    [GeneratedRegex(@"memory fault at wasm address 0x([0-9a-f]+)")]
    private static partial Regex FaultAddress();

    /// <summary>Go (whose linker writes <c>(*mheap)</c> as <c>__mheap_</c>), wasi-libc, AssemblyScript.</summary>
    [GeneratedRegex(@"^(runtime\.(__mheap_|__mcache_|mallocgc|sysAlloc|sysReserve|persistentalloc)|malloc$|dlmalloc|calloc$|sbrk$|~lib/rt/)")]
    private static partial Regex AllocatorFrame();
}
