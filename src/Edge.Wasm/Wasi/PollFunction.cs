using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Wasi;

/// <summary>
/// <c>poll_oneoff</c>: descriptors are always ready; without any it sleeps until the first clock is due. A sleep past the call's deadline ends the call at the deadline.
/// </summary>
internal static class PollFunction
{
    private const int SubscriptionsMax = 1_024;

    public static Errno Poll(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var count = args[2].I32;
        if (count is < 1 or > SubscriptionsMax) return Errno.Inval;
        if (!guest.TrySlice(args[0].I32, count * Subscription.Size, out var bytes)) return Errno.Fault;
        var subscriptions = new Subscription[count];
        var due = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            var subscription = subscriptions[i] = Subscription.Read(bytes[(i * Subscription.Size)..]);
            var sleeps = subscription.Kind == SubscriptionKind.Clock && Validate(guest, subscription) == Errno.Success;
            due[i] = sleeps ? subscription.Due(guest.Wasi.Clock) : 0;
        }

        var wait = due.Min();
        if (wait > 0 && !Sleep(guest, wait)) return Errno.Intr;
        return Report(guest, subscriptions, due, wait, args[1].I32, args[3].I32);
    }

    private static Errno Validate(GuestContext guest, in Subscription subscription) => subscription.Kind switch
    {
        SubscriptionKind.Clock => subscription.Clock is ClockId.Realtime or ClockId.Monotonic ? Errno.Success : Errno.Inval,
        SubscriptionKind.Read or SubscriptionKind.Write => guest.Wasi.Descriptors[subscription.Descriptor] is null ? Errno.Badf : Errno.Success,
        _ => Errno.Inval,
    };

    /// <summary>Sleeps, or until the deadline and then ends the call.</summary>
    private static bool Sleep(GuestContext guest, ulong nanoseconds)
    {
        var left = guest.Remaining;
        // Timers count milliseconds; rounding down would wake the guest early.
        var asked = TimeSpan.FromMilliseconds((double)Math.Min(Math.Ceiling(nanoseconds / 1e6), left.TotalMilliseconds));
        using var due = new ManualResetEventSlim();
        using (guest.Time.CreateTimer(static state => ((ManualResetEventSlim)state!).Set(), due, asked, Timeout.InfiniteTimeSpan)) due.Wait();
        if (asked < left) return true;
        guest.Expire("poll_oneoff");
        return false;
    }

    private static Errno Report(GuestContext guest, ReadOnlySpan<Subscription> subscriptions, ReadOnlySpan<ulong> due, ulong waited, int events, int countPointer)
    {
        if (!guest.TrySlice(events, subscriptions.Length * PollEvent.Size, out var target)) return Errno.Fault;
        uint found = 0;
        for (var i = 0; i < subscriptions.Length; i++)
            if (due[i] <= waited) PollEvent.Write(target[(int)(found++ * PollEvent.Size)..], subscriptions[i], Validate(guest, subscriptions[i]));
        return guest.Store32(countPointer, found);
    }
}
