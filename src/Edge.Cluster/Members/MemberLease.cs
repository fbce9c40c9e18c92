namespace Edge.Cluster.Members;

/// <summary>
/// A member's right to act, on the member's side. Valid until (time when the renewal was sent) + lease, by the monotonic clock; asked before every message to a fenced actor and before every device write, so
/// <see cref="IsValid"/> is one read of the clock and one of memory, without a lock. A process that was stopped finds it invalid at its first look.
/// Once over it stays over: a renewal that is answered too late does not revive it.
/// The clock must go on while the process does not. It does for a stopped process; Linux' monotonic clock rests while the whole machine is suspended, so a node on such hardware needs a <see cref="TimeProvider"/>
/// over CLOCK_BOOTTIME. Gray and Cheriton, Leases, 1989. Thread-safe.
/// </summary>
public sealed class MemberLease : IDisposable
{
    private const long Over = long.MinValue;
    private const long NotGranted = long.MinValue + 1;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<LeaseLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private long _until = NotGranted;
    private long _ioLimit;

    /// <summary>A lease that was not granted yet.</summary>
    /// <param name="member">The member that it is for.</param>
    /// <param name="time">The clock.</param>
    public MemberLease(string member, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Member = member;
        _time = time;
        _timer = time.CreateTimer(static lease => ((MemberLease)lease!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Id of the member.</summary>
    public string Member { get; }

    /// <summary>Whether the member may act now.</summary>
    public bool IsValid => _time.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>Longest device write under the last grant (<see cref="LeaseTimes.IoLimit"/>): it follows the lease times that the leader grants. Zero before the first.</summary>
    public TimeSpan IoLimit => new(Volatile.Read(ref _ioLimit));

    /// <summary>How long it still holds; zero if it does not.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var until = Volatile.Read(ref _until);
            var now = _time.GetTimestamp();
            return until > now ? _time.GetElapsedTime(now, until) : TimeSpan.Zero;
        }
    }

    /// <summary>Completes once, when the lease is over: it ran out, or was revoked. Not before the first grant, unless revoked.</summary>
    public Task<LeaseLoss> Lost => _lost.Task;

    /// <summary>Reading of the clock to take <em>before</em> a renewal is sent, for <see cref="Extend"/>.</summary>
    public long BeginRenewal() => _time.GetTimestamp();

    /// <summary>Takes in a granted renewal. Returns false if it came too late: the lease is over, or this grant is.</summary>
    /// <param name="sentAt">What <see cref="BeginRenewal"/> returned for this renewal.</param>
    /// <param name="lease">Length as granted.</param>
    public bool Extend(long sentAt, TimeSpan lease)
    {
        var until = sentAt + (long)(lease.TotalSeconds * _time.TimestampFrequency);
        while (true)
        {
            var old = Volatile.Read(ref _until);
            if (old == Over)
                return false;
            var now = _time.GetTimestamp();
            if (old != NotGranted && now >= old)
            {
                End(old, new(true, "The lease ran out before a renewal was granted."));
                return false;
            }

            if (until <= now && old == NotGranted)
                return false;
            Volatile.Write(ref _ioLimit, LeaseTimes.Of(lease).IoLimit.Ticks);
            if (until <= old)
                return true;
            if (Interlocked.CompareExchange(ref _until, until, old) != old)
                continue;
            if (old == NotGranted)
                Arm(until, now);
            return true;
        }
    }

    /// <summary>Ends the lease at once. No effect on one that is over.</summary>
    public void Revoke(string reason)
    {
        long old;
        while ((old = Volatile.Read(ref _until)) != Over && !End(old, new(false, reason)))
        {
        }
    }

    /// <summary>Revokes the lease and its timer.</summary>
    public void Dispose()
    {
        Revoke("The node ended this member.");
        _timer.Dispose();
    }

    // The timer is not moved at every renewal: it fires at the end that was valid when it was set, and is set again for what is left.
    private void Look()
    {
        var until = Volatile.Read(ref _until);
        if (until == Over)
            return;
        var now = _time.GetTimestamp();
        if (now < until)
            Arm(until, now);
        else if (!End(until, new(true, "The lease ran out: no leader renewed it in time.")))
            Look();
    }

    private bool End(long seen, LeaseLoss loss)
    {
        if (Interlocked.CompareExchange(ref _until, Over, seen) != seen)
            return false;
        _lost.TrySetResult(loss);
        return true;
    }

    private void Arm(long until, long now) =>
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(_time.GetElapsedTime(now, until).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
}
