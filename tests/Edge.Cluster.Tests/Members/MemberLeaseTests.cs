using Edge.Cluster.Members;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Cluster.Tests.Members;

public sealed class MemberLeaseTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly MemberLease _lease;

    public MemberLeaseTests() => _lease = new("m1", _time);

    public void Dispose() => _lease.Dispose();

    [Fact]
    public void A_lease_counts_from_the_sending_of_the_renewal()
    {
        Assert.False(_lease.IsValid);
        var sent = _lease.BeginRenewal();
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.True(_lease.Extend(sent, Second));
        Assert.Equal(600, _lease.Remaining.TotalMilliseconds);
        _time.Advance(TimeSpan.FromMilliseconds(599));
        Assert.True(_lease.IsValid);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public async Task A_lease_that_ran_out_says_so_and_stays_over()
    {
        _lease.Extend(_lease.BeginRenewal(), Second);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        var sent = _lease.BeginRenewal();
        _lease.Extend(sent, Second);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(_lease.Lost.IsCompleted);
        var late = _lease.BeginRenewal();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True((await _lease.Lost).RanOut);
        Assert.False(_lease.Extend(late, Second));
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void A_grant_that_is_over_when_it_arrives_grants_nothing()
    {
        var sent = _lease.BeginRenewal();
        _time.Advance(Second);
        Assert.False(_lease.Extend(sent, Second));
        Assert.True(_lease.Extend(_lease.BeginRenewal(), Second));
        Assert.True(_lease.IsValid);
    }

    [Fact]
    public async Task A_revoked_lease_is_over_at_once()
    {
        _lease.Extend(_lease.BeginRenewal(), Second);
        _lease.Revoke("removed");
        Assert.False(_lease.IsValid);
        Assert.Equal(new LeaseLoss(false, "removed"), await _lease.Lost);
    }

    [Fact]
    public void An_answer_out_of_order_does_not_shorten_the_lease()
    {
        var first = _lease.BeginRenewal();
        _time.Advance(TimeSpan.FromMilliseconds(300));
        _lease.Extend(_lease.BeginRenewal(), Second);
        Assert.True(_lease.Extend(first, Second));
        Assert.Equal(1000, _lease.Remaining.TotalMilliseconds);
    }
}
