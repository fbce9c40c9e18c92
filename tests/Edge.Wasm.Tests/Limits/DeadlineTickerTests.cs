using Edge.Wasm.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Wasm.Tests.Limits;

/// <summary>Ticks are counted while a deadline is due, by the clock, and not otherwise.</summary>
public sealed class DeadlineTickerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(20, 3)]
    [InlineData(21, 4)]
    [InlineData(250, 26)]
    public void A_deadline_is_rounded_up_and_gets_the_rest_of_the_tick_it_begins_in(int milliseconds, int ticks) =>
        Assert.Equal(ticks, DeadlineTicker.TicksOf(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void No_tick_is_counted_while_no_time_passes()
    {
        var time = new FakeTimeProvider();
        using var ticker = new DeadlineTicker(time, () => Assert.Fail("No time has passed."));

        Assert.Equal(5, ticker.Arm(5));
        Assert.Equal(7, ticker.Arm(7));
        Assert.Equal(0, ticker.Now);
        Assert.True(ticker.IsRunning);
    }

    [Theory]
    [InlineData(19, 1)]
    [InlineData(29, 2)]
    [InlineData(10_000, 2)]
    public void A_late_ticker_makes_up_for_one_tick_and_not_for_a_stall(int lateMilliseconds, int ticks)
    {
        var time = new FakeTimeProvider();
        using var counted = new CountdownEvent(ticks);
        using var started = new ManualResetEventSlim();
        using var ticker = new DeadlineTicker(new StartSignal(time, started), () => counted.Signal());
        ticker.Arm(ticks);
        Assert.True(started.Wait(Patience, Cancel), "The ticker should have begun to measure.");

        time.Advance(TimeSpan.FromMilliseconds(lateMilliseconds));

        Assert.True(counted.Wait(Patience, Cancel), $"{ticks} ticks were due; {counted.CurrentCount} more were expected.");
        Assert.Equal(ticks, ticker.Now);
    }

    [Fact]
    public void The_ticker_stops_beyond_the_last_deadline()
    {
        var time = new FakeTimeProvider();
        using var started = new ManualResetEventSlim();
        using var stopped = new ManualResetEventSlim();
        using var ticker = new DeadlineTicker(new StartSignal(time, started), () => { }, stopped.Set);
        ticker.Arm(1);
        Assert.True(started.Wait(Patience, Cancel), "The ticker should have begun to measure.");

        time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.True(stopped.Wait(Patience, Cancel), "The ticker should have stopped beyond tick 1.");
        Assert.False(ticker.IsRunning);
        Assert.Equal(2, ticker.Now);
    }

    [Fact]
    public void A_deadline_armed_after_a_stop_starts_it_again()
    {
        using var twice = new CountdownEvent(8);
        using var stopped = new ManualResetEventSlim();
        using var ticker = new DeadlineTicker(TimeProvider.System, () => _ = twice.CurrentCount > 0 && twice.Signal(), stopped.Set);
        ticker.Arm(3);
        Assert.True(stopped.Wait(Patience, Cancel), "The ticker should have stopped.");
        var stoppedAt = ticker.Now;

        Assert.Equal(stoppedAt + 3, ticker.Arm(3));

        Assert.True(twice.Wait(Patience, Cancel), "Eight ticks should have been counted in two goes.");
    }

    /// <summary>Tells when the ticker first reads the clock: time that passes before is not counted.</summary>
    private sealed class StartSignal(TimeProvider time, ManualResetEventSlim read) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp()
        {
            var now = time.GetTimestamp();
            read.Set();
            return now;
        }
    }
}
