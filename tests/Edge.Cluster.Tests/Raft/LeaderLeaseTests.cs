using Edge.Cluster.Raft;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Cluster.Tests.Raft;

public sealed class LeaderLeaseTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void It_counts_from_the_begin_of_the_round_that_was_answered()
    {
        var lease = new LeaderLease(TimeSpan.FromMilliseconds(270), _time);
        Assert.False(lease.Holds);
        var began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        lease.Confirm(began);
        Assert.True(lease.Holds);
        _time.Advance(TimeSpan.FromMilliseconds(70));
        Assert.False(lease.Holds);
    }

    [Fact]
    public void A_late_answer_of_an_old_round_does_not_shorten_it()
    {
        var lease = new LeaderLease(TimeSpan.FromMilliseconds(270), _time);
        var old = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        lease.Confirm(_time.GetTimestamp());
        lease.Confirm(old);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(lease.Holds);
    }
}
