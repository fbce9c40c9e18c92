using Edge.Actors.Intake;
using Edge.Node.Storage;

namespace Edge.Node.Tests.Storage;

public sealed class IntakeLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flushed_reading_is_read_back_in_order_and_after_reopening()
    {
        using (var log = Logs.Open(Logs.Small(_folder.Path)))
        {
            await Logs.AppendAsync(log, 2000);
            AssertNumbered(Logs.ReadAll(log), 1, 2000);
        }
        using var again = Logs.Open(Logs.Small(_folder.Path));
        Assert.Equal((1, 2000), (again.First, again.Last));
        AssertNumbered(Logs.ReadAll(again), 1, 2000);
        Assert.Empty(again.Health.Damage);
    }

    [Fact]
    public async Task An_orderly_close_leaves_no_gap_between_sequences()
    {
        using (var log = Logs.Open(Logs.Small(_folder.Path)))
            await Logs.AppendAsync(log, 10);
        using var again = Logs.Open(Logs.Small(_folder.Path));
        Assert.Equal(11, again.Append(Logs.Numbered(11)));
    }

    [Fact]
    public async Task Reading_by_cursor_starts_after_it_and_stops_at_the_maximum()
    {
        using var log = Logs.Open(Logs.Small(_folder.Path));
        await Logs.AppendAsync(log, 3000);
        foreach (var after in (long[])[0, 1, 400, 401, 1777, 2990, 2999])
            AssertNumbered(log.Read(after, 7), after + 1, (int)Math.Min(7, 3000 - after));
        Assert.Empty(log.Read(3000, 7));
    }

    [Fact]
    public async Task Recent_readings_come_from_memory_as_they_were_appended()
    {
        using var log = Logs.Open(Logs.Small(_folder.Path) with { RecentBytes = 1 << 20 });
        var reading = Logs.Numbered(1);
        await log.FlushedAsync(log.Append(reading));
        Assert.Same(reading, Assert.Single(log.Read(0, 10)).Reading);
    }

    [Fact]
    public async Task Readings_pushed_out_of_memory_come_from_the_disk()
    {
        using var log = Logs.Open(Logs.Small(_folder.Path) with { RecentBytes = 4 << 10 });
        await Logs.AppendAsync(log, 500);
        AssertNumbered(Logs.ReadAll(log), 1, 500);
    }

    [Fact]
    public async Task Trimming_gives_back_segments_and_is_remembered()
    {
        using (var log = Logs.Open(Logs.Small(_folder.Path)))
        {
            await Logs.AppendAsync(log, 3000);
            log.Trim(2500);
            Assert.Equal(2501, log.First);
            Assert.Equal(2501, log.Read(0, 1)[0].Sequence);
        }
        using var again = Logs.Open(Logs.Small(_folder.Path));
        Assert.Equal(2501, again.First);
        Assert.InRange(Directory.GetFiles(_folder.Path, "*.segment").Length, 1, 3);
        AssertNumbered(Logs.ReadAll(again), 2501, 500);
        Assert.Empty(again.Health.Damage);
    }

    [Fact]
    public async Task A_recycled_segment_shows_nothing_of_its_former_life()
    {
        var options = Logs.Small(_folder.Path) with { CapBytes = 3 * (64 << 10) };
        for (var round = 0; round < 5; round++)
        {
            using var log = Logs.Open(options);
            var before = log.Last;
            await Logs.AppendAsync(log, 500);
            AssertNumbered(Logs.ReadAll(log, before), before + 1, 500);
            log.Trim(log.Last);
        }
        using var again = Logs.Open(options);
        Assert.Equal(2500, again.Last);
        Assert.Empty(Logs.ReadAll(again));
        Assert.Empty(again.Health.Damage);
    }

    [Fact]
    public async Task At_the_cap_readings_are_refused_with_words_and_taken_again_after_a_trim()
    {
        using var log = Logs.Open(Logs.Small(_folder.Path) with { CapBytes = 2 * (64 << 10) });
        var refusal = await Assert.ThrowsAsync<IntakeUnavailableException>(() => FillAsync(log));
        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("its cap is 128 KiB", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<IntakeUnavailableException>(() => log.Append(Logs.Numbered(1)));

        var open = Events.When(log, IntakeState.Open);
        var safe = Logs.ReadAll(log)[^1].Sequence;
        log.Trim(safe);
        await open;
        var sequence = log.Append(Logs.Numbered(7));
        await log.FlushedAsync(sequence);
        Assert.True(sequence > safe);
        Assert.Equal(sequence, Assert.Single(Logs.ReadAll(log)).Sequence);
    }

    [Fact]
    public async Task A_reading_that_was_refused_a_place_is_never_said_to_be_flushed_however_late_one_asks()
    {
        using var log = Logs.Open(Logs.Small(_folder.Path) with { CapBytes = 2 * (64 << 10) });
        await Assert.ThrowsAsync<IntakeUnavailableException>(() => FillAsync(log));
        var kept = Logs.ReadAll(log)[^1].Sequence;
        var failed = log.Last;
        Assert.True(failed > kept);

        var open = Events.When(log, IntakeState.Open);
        log.Trim(kept);
        await open;
        await log.FlushedAsync(log.Append(Logs.Numbered(7)));

        await log.FlushedAsync(kept);
        await Assert.ThrowsAsync<IntakeUnavailableException>(() => log.FlushedAsync(failed).AsTask());
    }

    [Fact]
    public void A_reading_larger_than_half_a_segment_is_refused_with_words()
    {
        using var log = Logs.Open(Logs.Small(_folder.Path));
        var refusal = Assert.Throws<IntakeUnavailableException>(() => log.Append(Logs.Numbered(1, payloadBytes: 40 << 10)));
        Assert.Contains("32768 are allowed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_appenders_get_sequences_without_gaps_and_all_become_durable()
    {
        using (var log = Logs.Open(Logs.Small(_folder.Path) with { CapBytes = 16 << 20 }))
        {
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                    await log.FlushedAsync(log.Append(Logs.Numbered(i)));
            })));
        }
        using var again = Logs.Open(Logs.Small(_folder.Path) with { CapBytes = 16 << 20 });
        Assert.Equal(Enumerable.Range(1, 8000).Select(i => (long)i), Logs.ReadAll(again).Select(reading => reading.Sequence));
    }

    private static async Task FillAsync(IntakeLog log)
    {
        while (true)
            await log.FlushedAsync(log.Append(Logs.Numbered(log.Last + 1)));
    }

    private static void AssertNumbered(IReadOnlyList<LoggedReading> readings, long first, int count)
    {
        Assert.Equal(count, readings.Count);
        for (var i = 0; i < count; i++)
            Assert.Equal(new LoggedReading(first + i, Logs.Numbered(first + i)), readings[i]);
    }
}
