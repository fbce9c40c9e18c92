using System.Text;
using CsCheck;
using Edge.Actors.Channels;
using Edge.Actors.Channels.Payloads;
using Edge.Wasm.Instances;

namespace Edge.Actors.Tests.Channels.Payloads;

public sealed class PayloadDecoderTests
{
    [Theory]
    [InlineData("", "1.5", "1.5")]
    [InlineData("", "[1, 2,3 ]", "1 2 3")]
    [InlineData("data.values", """{"id":"x","data":{"other":[9],"values":[4,5]}}""", "4 5")]
    [InlineData("a.1", """{"a":[7,8,9]}""", "8")]
    public void Json_gives_its_samples(string path, string payload, string samples) =>
        Assert.Equal(samples, Decoded(new() { Path = path }, payload));

    [Theory]
    [InlineData(null, "1,2.5, 3\r\n", "1 2.5 3")]
    [InlineData(1, "1,2.5,3", "2.5")]
    [InlineData(0, "\"4\",5", "4")]
    public void A_csv_line_gives_its_columns(int? column, string payload, string samples) =>
        Assert.Equal(samples, Decoded(new() { Format = PayloadFormat.Csv, Column = column }, payload));

    [Fact]
    public void Raw_numbers_are_little_endian_and_scaled()
    {
        var decoder = new PayloadDecoder(new() { Format = PayloadFormat.I16, Scale = 0.5, Offset = 1 }, SampleType.F32);
        var samples = new SampleBuffer();

        Assert.Null(decoder.Decode([2, 0, 0xfe, 0xff], samples));
        Assert.Equal([2d, 0], samples.Span.ToArray());
    }

    [Theory]
    [InlineData(PayloadFormat.Json, "{\"a\":1}", "v")]
    [InlineData(PayloadFormat.Json, "[1,null]", "")]
    [InlineData(PayloadFormat.Json, "[1,2", "")]
    [InlineData(PayloadFormat.Json, "1e400", "")]
    [InlineData(PayloadFormat.Csv, "1,,2", "")]
    [InlineData(PayloadFormat.Csv, "1,NaN", "")]
    [InlineData(PayloadFormat.Csv, "infinity", "")]
    [InlineData(PayloadFormat.F32, "abc", "")]
    public void What_is_no_finite_number_is_refused_with_words(PayloadFormat format, string payload, string path) =>
        Assert.NotEmpty(new PayloadDecoder(new() { Format = format, Path = path }, SampleType.F32).Decode(Encoding.UTF8.GetBytes(payload), new())!);

    [Fact]
    public void A_payload_past_the_limit_is_refused_with_both_lengths() =>
        Assert.Contains("4 bytes; allowed are 3", new PayloadDecoder(new() { MaxBytes = 3 }, SampleType.F32).Decode("1234"u8, new()), StringComparison.Ordinal);

    [Fact]
    public void No_bytes_whatever_end_in_anything_but_samples_or_words() =>
        Gen.Select(Gen.Enum<PayloadFormat>(), Gen.Byte.Array[0, 64]).Sample((format, payload) =>
        {
            var samples = new SampleBuffer();
            var error = new PayloadDecoder(new() { Format = format }, SampleType.F32).Decode(payload, samples);
            return error is { Length: > 0 } || samples.Span.ToArray().All(double.IsFinite);
        });

    private static string Decoded(PayloadSpec spec, string payload)
    {
        var samples = new SampleBuffer();
        Assert.Null(new PayloadDecoder(spec, SampleType.F32).Decode(Encoding.UTF8.GetBytes(payload), samples));
        return string.Join(' ', samples.Span.ToArray());
    }
}
