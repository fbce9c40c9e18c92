using System.Buffers;
using System.Text;
using CsCheck;
using Edge.Node.Demo;

namespace Edge.Node.Tests.Demo;

public sealed class DemoPartsTests
{
    [Fact]
    public void The_record_is_read_whole()
    {
        var record = EcgRecord.Read(SampleRecord.Path);

        Assert.Equal(108_000, record.Samples.Count);
        Assert.Equal(SampleRecord.Millivolts(), record.Samples.Select(EcgRecord.Millivolts));
    }

    [Fact]
    public void A_line_that_is_no_sample_is_named_with_its_place()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "# source\nraw\n975\n97x\n");

        var wrong = Assert.Throws<DemoException>(() => EcgRecord.Read(path));

        Assert.StartsWith($"{path}:4 '97x' is no sample", wrong.Message);
    }

    [Fact]
    public void A_quantile_of_the_histogram_is_within_its_bucket_of_the_exact_one() =>
        Gen.Long[0, 10_000_000].Array[1, 200].Select(Gen.Double[0.01, 1]).Sample((micros, quantile) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var value in micros) histogram.Add(TimeSpan.FromMicroseconds(value));
            var exact = micros.Order().ElementAt((int)Math.Max(1, Math.Ceiling(micros.Length * quantile)) - 1);
            var found = histogram.Quantile(quantile)!.Value.TotalMicroseconds;
            return found >= exact && found <= exact + exact / 31.0 + 1;
        });

    [Fact]
    public void The_ledger_settles_each_message_once_however_the_outputs_are_cut() =>
        Gen.Int[1, 30].Array[1, 40].Sample(cuts =>
        {
            var ledger = new SampleLedger(12);
            var total = cuts.Sum();
            for (var message = 0; message * 12 < total; message++) ledger.Send(message, message);
            var settled = new List<long>();
            var first = 0;
            foreach (var count in cuts)
            {
                ledger.Return(first, count, settled.Add);
                ledger.Return(first, count, settled.Add);
                first += count;
            }
            return ledger.Returned == total && ledger.Surplus == total && settled.SequenceEqual(Enumerable.Range(0, total / 12).Select(m => (long)m));
        });

    [Theory]
    [InlineData("""{"t":5,"v":[1,2.5]}""", 2)]
    [InlineData("""{"t":5,"v":[]}""", 0)]
    [InlineData("""{"t":5}""", null)]
    [InlineData("""{"t":5,"v":["x"]}""", null)]
    [InlineData("""[1]""", null)]
    [InlineData("nonsense", null)]
    public void An_output_is_read_or_left_alone(string payload, int? values) =>
        Assert.Equal(values, PortOutput.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)))?.Values.Count);

    [Fact]
    public void The_chart_draws_a_rising_line_from_the_lower_left_to_the_upper_right()
    {
        var lines = BrailleChart.Draw([.. Enumerable.Range(0, 16).Select(i => (double)i)], span: 16, width: 4, height: 2);

        Assert.Equal(["⠀⢀⡴⠋", "⡴⠋⠀⠀"], lines);
    }

    [Fact]
    public void The_chart_of_nothing_is_empty() => Assert.Equal(["⠀⠀⠀"], BrailleChart.Draw([], span: 100, width: 3, height: 1));
}
