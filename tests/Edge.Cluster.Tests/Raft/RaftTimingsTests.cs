using CsCheck;
using Edge.Cluster.Raft;

namespace Edge.Cluster.Tests.Raft;

public sealed class RaftTimingsTests
{
    [Theory]
    [InlineData(0, 300, 600)]
    [InlineData(2, 150, 300)]
    [InlineData(30, 300, 600)]
    [InlineData(55, 550, 1100)]
    [InlineData(400, 1000, 2000)]
    public void Election_times_are_ten_flushes_within_bounds(int flushMs, int lowerMs, int upperMs)
    {
        var timings = RaftTimings.ForFlush(TimeSpan.FromMilliseconds(flushMs));
        Assert.Equal((lowerMs, upperMs), (timings.ElectionLower.TotalMilliseconds, timings.ElectionUpper.TotalMilliseconds));
    }

    [Fact]
    public void A_lease_always_ends_before_a_voter_may_turn_to_another() =>
        Gen.Long[0, TimeSpan.FromMinutes(10).Ticks].Select(TimeSpan.FromTicks).Sample(flush =>
        {
            var timings = RaftTimings.ForFlush(flush);
            Assert.True(timings.Lease < timings.ElectionLower);
            Assert.True(timings.ElectionLower < timings.ElectionUpper);
            Assert.InRange(timings.ElectionLower, RaftTimings.Floor, RaftTimings.Ceiling);
        });
}
