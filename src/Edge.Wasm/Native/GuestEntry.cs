using System.Runtime.CompilerServices;

namespace Edge.Wasm.Native;

/// <summary>
/// The two ways into guest code, each with the upper halves of the vector registers clean. .NET copies and zeroes with 256-bit registers and leaves them dirty; Wasmtime's code mixes
/// SSE and AVX instructions, and x86 processors then save and restore the halves at every change from one to the other. Measured (Rocket Lake, fir of 32 taps over 10 000 samples):
/// 205 µs dirty, 59 µs clean; the same in Go 83 ms and 2.4 ms. The JIT clears the halves (<c>vzeroupper</c>) at the start of each method that calls native code, and not again before
/// the call: so these methods do nothing else, and are not inlined into any that does.
/// </summary>
internal static unsafe class GuestEntry
{
    /// <summary>Calls a guest's function.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Call(nint context, WasmFunc* function, ValueRaw* values, nuint count, nint* trap) =>
        WasmtimeApi.FuncCall(context, function, values, count, trap);

    /// <summary>The last thing that a host function does before the guest goes on. The native call is the cheapest there is; only what comes before it counts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Return(nint context) => _ = WasmtimeApi.ContextData(context);
}
