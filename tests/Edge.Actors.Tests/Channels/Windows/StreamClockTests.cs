using Edge.Actors.Channels.Windows;

namespace Edge.Actors.Tests.Channels.Windows;

public sealed class StreamClockTests
{
    private const long Noon = 1_700_000_000_000_000;
    private const long Hour = 3_600_000_000;

    [Fact]
    public void A_producers_reading_is_late_when_it_is_older_than_the_tolerance()
    {
        var clock = At(Noon, toleranceUs: 10, fromProducer: true);

        Assert.Equal(TimeVerdict.OnTime, Judge(clock, Noon - 10));
        Assert.Equal(TimeVerdict.Late, Judge(clock, Noon - 11));
    }

    [Fact]
    public void A_new_sequence_number_proves_that_the_producers_clock_was_set_back()
    {
        var clock = At(Noon, 0, fromProducer: true);
        var time = Noon - Hour;

        Assert.Equal(TimeVerdict.Stepped, clock.Judge(ref time, provedNew: true));
        Assert.Equal(TimeVerdict.OnTime, Judge(clock, Noon - Hour + 1));
    }

    [Fact]
    public void A_long_run_of_late_readings_proves_it_too()
    {
        var clock = At(Noon, 0, fromProducer: true);

        for (var i = 0; i < StreamClock.LateRunMax; i++) Assert.Equal(TimeVerdict.Late, Judge(clock, Noon - Hour + i));
        Assert.Equal(TimeVerdict.Stepped, Judge(clock, Noon - Hour + 1_000));
    }

    [Fact]
    public void This_nodes_own_clock_is_never_late()
    {
        var clock = At(Noon, 0, fromProducer: false);

        Assert.Equal(TimeVerdict.Stepped, Judge(clock, Noon - Hour));
    }

    [Fact]
    public void Arrivals_that_cross_between_two_connections_keep_their_order()
    {
        var clock = At(Noon, 0, fromProducer: false);
        var time = Noon - 5;

        Assert.Equal(TimeVerdict.OnTime, clock.Judge(ref time, false));
        Assert.Equal(Noon, time);
    }

    private static StreamClock At(long timeUs, long toleranceUs, bool fromProducer)
    {
        var clock = new StreamClock(toleranceUs, fromProducer);
        Judge(clock, timeUs);
        return clock;
    }

    private static TimeVerdict Judge(StreamClock clock, long timeUs) => clock.Judge(ref timeUs, provedNew: false);
}
