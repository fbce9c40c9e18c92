namespace Edge.Wasm.Limits;

/// <summary>
/// Counts ticks of 10 ms and tells the engine about each, which ends calls whose deadline tick has come. A call does not say when it ends: the
/// ticker runs until the latest deadline that was armed has passed and then stops, so that a node without calls does not wake up, and arming costs a
/// read and a compare. It has a thread of its own, since a starved thread pool must not give guests more time.
/// </summary>
internal sealed class DeadlineTicker : IDisposable
{
    /// <summary>The grain of all deadlines.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Ticks that a late ticker makes up for at once. Time in which the machine stood still is not charged to guests: a call that begins just after a stall would pay for all of it. One
    /// tick evens out a timer that fires a little late; a deadline has one tick to spare.
    /// </summary>
    private const int TicksAtOnce = 2;

    private readonly Action _onTick;
    private readonly Action? _onStop;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _armed = new(false);
    private readonly ManualResetEvent _stopped = new(false);
    private readonly Thread _thread;
    private long _now;
    private long _latest;
    private bool _running;

    /// <param name="time">Measures how many ticks are due.</param>
    /// <param name="onTick">Called once a tick, on the ticker's thread.</param>
    /// <param name="onStop">Called when ticks stop for want of deadlines.</param>
    public DeadlineTicker(TimeProvider time, Action onTick, Action? onStop = null)
    {
        Time = time;
        _onTick = onTick;
        _onStop = onStop;
        _thread = new Thread(Run, 256 << 10) { IsBackground = true, Name = "edge-deadline-ticker" };
        _thread.Start();
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The tick now. It stands still while no deadline is armed.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Whether ticks are being counted.</summary>
    public bool IsRunning => Volatile.Read(ref _running);

    /// <summary>Ticks of a deadline, rounded up, and one more because the current tick has partly passed.</summary>
    public static long TicksOf(TimeSpan deadline) => ((deadline.Ticks + Tick.Ticks - 1) / Tick.Ticks) + 1;

    /// <summary>Makes sure that ticks are counted until <paramref name="ticks"/> from now. Returns the tick that is due then.</summary>
    public long Arm(long ticks)
    {
        var due = Volatile.Read(ref _now) + ticks;
        // Correct without knowing whether the ticker runs: it stops only beyond _latest, so due <= _latest means that it has not reached due yet.
        if (due > Volatile.Read(ref _latest)) Extend(due);
        return due;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped.Set();
        _thread.Join();
        _stopped.Dispose();
        _armed.Dispose();
    }

    private void Extend(long due)
    {
        lock (_gate)
        {
            _latest = Math.Max(_latest, due);
            if (_running) return;
            _running = true;
            _armed.Set();
        }
    }

    private void Run()
    {
        WaitHandle[] idle = [_stopped, _armed];
        while (WaitHandle.WaitAny(idle) != 0)
        {
            if (!CountUntilLatest()) return;
        }
    }

    private bool CountUntilLatest()
    {
        var start = Time.GetTimestamp();
        long counted = 0;
        while (true)
        {
            if (_stopped.WaitOne(Tick)) return false;
            var due = Time.GetElapsedTime(start).Ticks / Tick.Ticks;
            for (counted = Math.Max(counted, due - TicksAtOnce); counted < due; counted++)
            {
                Interlocked.Increment(ref _now);
                _onTick();
            }

            lock (_gate)
            {
                if (_now <= _latest) continue;
                _running = false;
            }

            _onStop?.Invoke();
            return true;
        }
    }
}
