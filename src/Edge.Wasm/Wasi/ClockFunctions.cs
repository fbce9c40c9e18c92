using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Wasi;

/// <summary>WASI's clock numbers; the clocks of process and thread time are not offered.</summary>
internal enum ClockId
{
    Realtime = 0,
    Monotonic = 1,
}

/// <summary><c>clock_res_get</c> and <c>clock_time_get</c>.</summary>
internal static class ClockFunctions
{
    public static Errno Resolution(GuestContext guest, ReadOnlySpan<ValueRaw> args) => (ClockId)args[0].I32 switch
    {
        ClockId.Realtime => guest.Store64(args[1].I32, (ulong)GuestClock.RealtimeResolution),
        ClockId.Monotonic => guest.Store64(args[1].I32, (ulong)guest.Wasi.Clock.MonotonicResolution),
        _ => Errno.Inval,
    };

    public static Errno Now(GuestContext guest, ReadOnlySpan<ValueRaw> args) => (ClockId)args[0].I32 switch
    {
        ClockId.Realtime => guest.Store64(args[2].I32, (ulong)guest.Wasi.Clock.Realtime()),
        ClockId.Monotonic => guest.Store64(args[2].I32, (ulong)guest.Wasi.Clock.Monotonic()),
        _ => Errno.Inval,
    };
}
