using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Edge.Node.Tests.Demo;
using Edge.Wasm.Instances;

namespace Edge.Node.Tests.Guests;

/// <summary>The sample <c>ecg</c> in the real host, on the real record.</summary>
public partial class EcgTests
{
    private const long Start = 1_700_000_000_000_000;

    [Fact]
    public void Beats_agree_within_3_percent_with_an_independent_detector()
    {
        var samples = SampleRecord.Millivolts();
        var reference = ReferenceBeatDetector.Find(samples, SampleRecord.RateHz).Count;

        var beats = Outputs(samples, _ => 12, restartAt: -1).Count(line => line.StartsWith("1 ", StringComparison.Ordinal));

        Assert.InRange(beats, reference * 0.97, reference * 1.03);
    }

    [Fact]
    public void A_restart_from_a_snapshot_in_the_middle_changes_no_bit()
    {
        var samples = SampleRecord.Millivolts()[..36_000];
        Assert.Equal(Outputs(samples, _ => 12, restartAt: -1), Outputs(samples, _ => 12, restartAt: 18_000));
    }

    [Fact]
    public void Where_blocks_are_cut_changes_no_beat()
    {
        var samples = SampleRecord.Millivolts()[..36_000];
        Assert.Equal(Beats(Outputs(samples, _ => 12, restartAt: -1)), Beats(Outputs(samples, done => 1 + (done * 7 % 911), restartAt: -1)));
    }

    // Times are of the block's clock in whole microseconds, so they may differ by one.
    private static List<string> Beats(IEnumerable<string> lines) => [.. lines.Where(line => line[0] == '1').Select(line => Time().Replace(line, ""))];

    private static List<string> Outputs(double[] samples, Func<int, int> size, int restartAt)
    {
        using var bench = new Bench();
        using var module = bench.Load(SourceTree.Built("ecg"));
        var instance = bench.Start(module);
        var lines = new List<string>();
        for (var done = 0; done < samples.Length;)
        {
            if (restartAt >= 0 && done >= restartAt)
            {
                var snapshot = new ArrayBufferWriter<byte>();
                Assert.True(instance.Snapshot(snapshot).Succeeded);
                instance.Dispose();
                instance = bench.Start(module, snapshot: snapshot.WrittenSpan.ToArray());
                restartAt = -1;
            }

            var n = Math.Min(size(done), samples.Length - done);
            var block = samples[done..(done + n)].Select(sample => (float)sample).ToArray();
            var time = Start + (long)Math.Round(done * 1e6 / SampleRecord.RateHz);
            var header = new BlockHeader(time, SampleRecord.RateHz, SampleType.F32, done == 0 ? BlockFlags.Reset : BlockFlags.None, done);
            var outcome = instance.Stream(header, MemoryMarshal.AsBytes(block.AsSpan()));
            Assert.True(outcome.Succeeded, outcome.Fault?.Message);
            foreach (var emit in instance.Effects.Emits)
            {
                var bytes = instance.Effects.Span(emit.Payload);
                lines.Add($"{emit.Port} {(emit.Port == 0 ? Convert.ToHexString(bytes) : System.Text.Encoding.UTF8.GetString(bytes))}");
            }

            done += n;
        }

        instance.Dispose();
        return lines;
    }

    [GeneratedRegex("\"t\":\\d+")]
    private static partial Regex Time();
}
