using Edge.Node.Demo;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Node.Tests.Demo;

/// <summary>What counts as a failover, and as a beat that came twice.</summary>
public sealed class FailoverTallyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FailoverTally _tally;

    public FailoverTallyTests() => _tally = new(_time);

    [Fact]
    public async Task The_failover_ends_with_the_first_output_after_the_book_named_another_owner()
    {
        Filtered();
        _tally.Killed();
        After(0.02);
        Filtered();
        After(1.5);
        _tally.Succeeded();
        After(0.25);
        Filtered();
        After(0.1);
        Filtered();

        Assert.Equal(TimeSpan.FromSeconds(1.77), await _tally.Failover);
        Assert.Equal(TimeSpan.FromSeconds(1.75), _tally.Silence);
    }

    [Fact]
    public void A_copy_of_a_beat_is_no_second_beat()
    {
        Beat("log:7.0", 1_000);
        Beat("log:7.0", 1_000);

        Assert.Equal(0, _tally.Twice);
    }

    [Fact]
    public void A_beat_under_another_id_is_counted_twice()
    {
        Beat("log:7.0", 1_000);
        Beat("log:9.0", 1_000);
        Beat("log:9.1", 2_000);

        Assert.Equal(1, _tally.Twice);
    }

    private void After(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private void Filtered() => _tally.Output(DemoTopics.Filtered, "", new PortOutput(0, [0.5]));

    private void Beat(string id, long timeUs) => _tally.Output(DemoTopics.Beats, id, new PortOutput(timeUs, [72]));
}
