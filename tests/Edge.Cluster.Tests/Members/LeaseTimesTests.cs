using CsCheck;
using Edge.Cluster.Members;

namespace Edge.Cluster.Tests.Members;

public sealed class LeaseTimesTests
{
    [Fact]
    public void Fast_disks_give_a_lease_of_one_second_and_an_expiry_of_1400_ms()
    {
        var times = LeaseTimes.Default;
        Assert.Equal((1000, 1400, 150, 200, 300, 600), (times.Lease.TotalMilliseconds, times.Expiry.TotalMilliseconds, times.RenewEvery.TotalMilliseconds, times.IoLimit.TotalMilliseconds, times.ElectionLower.TotalMilliseconds, times.ElectionUpper.TotalMilliseconds));
    }

    [Fact]
    public void Times_are_safe_and_within_bounds_for_every_flush_time() => Gen.Double[0, 100_000].Sample(flush =>
    {
        var times = LeaseTimes.For(TimeSpan.FromMilliseconds(flush));
        Assert.Empty(times.Faults());
        Assert.InRange(times.Lease.TotalSeconds, 1, 5);
        Assert.InRange(times.Expiry.TotalSeconds, 1.4, 7);
    });

    [Fact]
    public void Times_grow_at_once_and_shrink_only_with_room_to_spare()
    {
        var slow = LeaseTimes.Default.Follow(TimeSpan.FromMilliseconds(60));
        Assert.Equal(2, slow.Lease.TotalSeconds);
        Assert.Equal(slow, slow.Follow(TimeSpan.FromMilliseconds(45)));
        Assert.Equal(LeaseTimes.Default, slow.Follow(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void An_expiry_below_the_lease_is_named_as_a_fault() =>
        Assert.Contains("too little after lease", Assert.Single((LeaseTimes.Default with { Expiry = TimeSpan.FromSeconds(0.9) }).Faults()), StringComparison.Ordinal);
}
