using CsCheck;
using Edge.Actors.Channels;
using Edge.Actors.Channels.Windows;
using Edge.Messages.Channels;
using Edge.Wasm.Instances;

namespace Edge.Actors.Tests.Channels.Windows;

public sealed class WindowTests
{
    private const long Second = 1_000_000;

    private static readonly BlockSpec BySecond = new() { Every = TimeSpan.FromSeconds(1) };

    [Fact]
    public void A_block_by_count_closes_with_its_last_sample()
    {
        var blocks = Blocks(new(new() { Count = 3 }, rateHz: 0, seesGaps: false), Samples(7));

        Assert.Equal([[0d, 1, 2], [3, 4, 5]], blocks.Select(b => b.Samples));
        Assert.Equal([BlockFlags.Reset, BlockFlags.None], blocks.Select(b => b.Header.Flags));
        Assert.Equal([0L, 3], blocks.Select(b => b.Header.Sequence));
    }

    [Fact]
    public void A_block_by_time_is_aligned_to_the_epoch_and_closes_with_the_first_sample_after_it()
    {
        var blocks = Blocks(new(BySecond, 0, false), [(1, Second - 2), (2, Second - 1), (3, Second), (4, 2 * Second - 1), (5, 7 * Second)]);

        Assert.Equal([[1d, 2], [3, 4]], blocks.Select(b => b.Samples));
        Assert.Equal([Second - 2, Second], blocks.Select(b => b.Header.TimeUs));
    }

    [Fact]
    public void A_gap_ends_the_open_block_and_flags_the_next()
    {
        var blocks = Blocks(new(new() { Count = 3 }, rateHz: 1, seesGaps: true), [(1, 0), (2, Second), (3, 9 * Second), (4, 10 * Second), (5, 11 * Second)]);

        Assert.Equal([[1d, 2], [3, 4, 5]], blocks.Select(b => b.Samples));
        Assert.Equal([BlockFlags.Reset, BlockFlags.Gap], blocks.Select(b => b.Header.Flags));
    }

    [Fact]
    public void Times_that_are_off_by_a_rounded_millisecond_are_no_gap()
    {
        var samples = Enumerable.Range(0, 3_600).Select(i => ((double)i, (long)Math.Round(i * 1000 / 360.0) * 1000));

        Assert.All(Blocks(new(new() { Count = 36 }, 360, true), samples).Skip(1), b => Assert.Equal(BlockFlags.None, b.Header.Flags));
    }

    [Fact]
    public void Any_stop_and_restart_in_between_gives_the_same_blocks() =>
        Gen.Select(Gen.Int[1, 9], Gen.Bool, Gen.Select(Gen.Double[-1e6, 1e6], Gen.Long[0, 3 * Second]).List[0, 60], Gen.Int[0, 60])
            .Sample((count, byTime, steps, cut) =>
            {
                var spec = byTime ? BySecond : new BlockSpec { Count = count };
                long time = 0;
                var samples = steps.Select(s => (s.Item1, time += s.Item2)).ToList();
                var whole = Blocks(new(spec, 2, true), samples);

                var first = new Window(spec, 2, true);
                var parts = Blocks(first, samples.Take(cut));
                var second = new Window(spec, 2, true);
                second.Load(OpenBlock.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(first.Save())));
                parts.AddRange(Blocks(second, samples.Skip(cut)));

                return whole.Select(Shown).SequenceEqual(parts.Select(Shown));
            });

    [Fact]
    public void Every_sample_is_in_one_block_or_still_open_and_in_order() =>
        Gen.Select(Gen.Int[1, 9], Gen.Bool, Gen.Long[0, 3 * Second].List[0, 60])
            .Sample((count, byTime, steps) =>
            {
                var window = new Window(byTime ? BySecond : new() { Count = count }, 2, true);
                long time = 0;
                var blocks = Blocks(window, steps.Select((s, i) => ((double)i, time += s)).ToList());
                return blocks.SelectMany(b => b.Samples).Concat(window.Save().Samples).SequenceEqual(Enumerable.Range(0, steps.Count).Select(i => (double)i));
            });

    private static IEnumerable<(double, long)> Samples(int count) => Enumerable.Range(0, count).Select(i => ((double)i, i * Second));

    private static List<(BlockHeader Header, double[] Samples)> Blocks(Window window, IEnumerable<(double Value, long TimeUs)> samples)
    {
        var blocks = new List<(BlockHeader, double[])>();
        foreach (var (value, timeUs) in samples)
        {
            if (window.Push(value, timeUs, SampleType.F64, out var header)) blocks.Add((header, window.Closed.ToArray()));
        }

        return blocks;
    }

    private static string Shown((BlockHeader Header, double[] Samples) block) => $"{block.Header} {string.Join(' ', block.Samples)}";
}
