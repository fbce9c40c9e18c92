using CsCheck;
using Edge.Actors.Channels.Windows;

namespace Edge.Actors.Tests.Channels.Windows;

public sealed class DuplicateFilterTests
{
    [Fact]
    public void A_number_within_the_window_passes_once() =>
        Gen.Long[0, DuplicateFilter.Width - 1].List[1, 200].Sample(numbers =>
        {
            var filter = new DuplicateFilter();
            var seen = new HashSet<long>();
            return numbers.All(n => filter.Judge(n, newerTime: false) == SequenceVerdict.Duplicate == !seen.Add(n));
        });

    [Fact]
    public void A_saved_filter_judges_like_the_one_it_was_saved_from() =>
        Gen.Select(Gen.Long[0, 3_000].List[0, 100], Gen.Long[0, 3_000].List[0, 100]).Sample((before, after) =>
        {
            var filter = new DuplicateFilter();
            foreach (var n in before) filter.Judge(n, false);
            var restored = new DuplicateFilter();
            restored.Load(filter.Save());
            return after.All(n => filter.Judge(n, false) == restored.Judge(n, false));
        });

    [Theory]
    [InlineData(8, (int)SequenceVerdict.Next)]
    [InlineData(9, (int)SequenceVerdict.Ahead)]
    [InlineData(7, (int)SequenceVerdict.Duplicate)]
    [InlineData(6, (int)SequenceVerdict.Behind)]
    [InlineData(7 - DuplicateFilter.Width, (int)SequenceVerdict.Restarted)]
    public void After_seven_a_number_is_judged(long number, int expected) => Assert.Equal((SequenceVerdict)expected, AfterSeven().Judge(number, newerTime: false));

    [Fact]
    public void A_seen_number_with_a_newer_time_is_a_producer_that_counts_anew() =>
        Assert.Equal(SequenceVerdict.Restarted, AfterSeven().Judge(7, newerTime: true));

    [Fact]
    public void The_ends_of_the_number_range_do_not_overflow()
    {
        var filter = new DuplicateFilter();
        filter.Judge(long.MinValue, false);
        Assert.Equal(SequenceVerdict.Ahead, filter.Judge(long.MaxValue, false));
        Assert.Equal(SequenceVerdict.Restarted, filter.Judge(long.MinValue, false));
    }

    private static DuplicateFilter AfterSeven()
    {
        var filter = new DuplicateFilter();
        filter.Judge(7, false);
        return filter;
    }
}
