using System.Runtime.CompilerServices;
using Edge.Wasm.Faults;

namespace Edge.Wasm.Instances;

/// <summary>
/// Counts and times the calls of one instance at almost no cost: the first call in each tick of 10 ms is timed, and that is also when the count of all calls
/// is handed on. Up to 100 calls a second every call is timed.
/// </summary>
internal sealed class CallMeter(WasmMetrics metrics, TimeProvider time, string module)
{
    private long _tick = -1;
    private long _calls;
    private long _started;

    /// <summary>A call begins; <paramref name="tick"/> moves on with the ticker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Began(long tick)
    {
        _calls++;
        if (tick != _tick) Sample(tick);
    }

    /// <summary>The call has ended, well or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ended()
    {
        if (_started != 0) Record();
    }

    /// <summary>The call failed.</summary>
    public void Failed(GuestFault fault)
    {
        _started = 0;
        metrics.Fault(module, fault.Reason);
    }

    /// <summary>Hands on what was not yet.</summary>
    public void Flush()
    {
        if (_calls > 0) metrics.Calls(module, _calls);
        _calls = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Sample(long tick)
    {
        _tick = tick;
        _started = time.GetTimestamp();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Record()
    {
        metrics.CallTook(module, time.GetElapsedTime(_started));
        _started = 0;
        Flush();
    }
}
