using CsCheck;
using Edge.Actors.Modules;

namespace Edge.Actors.Tests.Modules;

public sealed class RestartBackoffTests
{
    [Fact]
    public void Faults_in_a_row_double_the_wait_from_none_up_to_the_longest()
    {
        var (backoff, now, waits) = (new RestartBackoff(), TimeSpan.Zero, new List<double>());
        for (var i = 0; i < 14; i++)
        {
            backoff = backoff.Fault(now);
            waits.Add(backoff.Delay.TotalMilliseconds);
            now += backoff.Delay;
        }

        Assert.Equal([0, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000], waits);
    }

    [Fact]
    public void Faults_with_enough_good_calls_between_them_cost_nothing()
    {
        var backoff = new RestartBackoff();
        for (var i = 0; i < 100; i++) backoff = backoff.Succeeded(RestartBackoff.GoodCallsEnough).Fault(TimeSpan.FromMilliseconds(i));

        Assert.Equal(TimeSpan.Zero, backoff.Delay);
    }

    [Fact]
    public void Intensive_care_ends_when_no_fault_came_for_its_time()
    {
        var backoff = new RestartBackoff().Fault(TimeSpan.Zero).Fault(TimeSpan.Zero);

        Assert.True(backoff.InIntensiveCare(RestartBackoff.IntensiveCare));
        Assert.False(backoff.InIntensiveCare(RestartBackoff.IntensiveCare + backoff.Delay));
        Assert.Equal(1, backoff.Fault(RestartBackoff.IntensiveCare + backoff.Delay).Faults);
    }

    [Fact]
    public void The_wait_is_never_negative_and_never_past_the_longest() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).Sample((faults, calls) =>
            new RestartBackoff(faults, calls, TimeSpan.Zero).Delay is var delay && delay >= TimeSpan.Zero && delay <= RestartBackoff.Longest);
}
