using Edge.Cluster.Members;
using Edge.Node.Site;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Node.Tests.Site;

public sealed class FlushTimesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Few_flushes_say_nothing_and_one_slow_flush_is_no_slow_disk()
    {
        var flushes = new FlushTimes(_time);
        for (var i = 0; i < 15; i++) flushes.Took(TimeSpan.FromMilliseconds(80));
        Assert.Equal(TimeSpan.Zero, flushes.P99);

        flushes.Took(TimeSpan.FromMilliseconds(900));
        Assert.Equal(TimeSpan.FromMilliseconds(80), flushes.P99);
    }

    [Fact]
    public void A_slow_disk_makes_leases_longer_and_is_forgotten_after_five_minutes()
    {
        var flushes = new FlushTimes(_time);
        for (var i = 0; i < 400; i++) flushes.Took(TimeSpan.FromMilliseconds(i % 20 == 0 ? 100 : 5));
        Assert.Equal(TimeSpan.FromMilliseconds(100), flushes.P99);
        Assert.True(LeaseTimes.Default.Follow(flushes.P99).Lease > LeaseTimes.Default.Lease);

        _time.Advance(TimeSpan.FromMinutes(5.1));
        Assert.Equal(TimeSpan.Zero, flushes.P99);
    }

    [Fact]
    public void Only_the_newest_are_held()
    {
        var flushes = new FlushTimes(_time);
        for (var i = 0; i < 100; i++) flushes.Took(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 512; i++) flushes.Took(TimeSpan.FromMilliseconds(2));
        Assert.Equal(TimeSpan.FromMilliseconds(2), flushes.P99);
    }

    [Fact]
    public void What_is_begun_is_timed_until_it_is_done()
    {
        var flushes = new FlushTimes(_time);
        for (var i = 0; i < 20; i++)
        {
            var done = flushes.Begin();
            _time.Advance(TimeSpan.FromMilliseconds(7));
            done();
        }

        Assert.Equal(TimeSpan.FromMilliseconds(7), flushes.P99);
    }
}
