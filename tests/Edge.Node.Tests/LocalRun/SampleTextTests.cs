using Edge.Node.LocalRun;
using Edge.Wasm.Instances;

namespace Edge.Node.Tests.LocalRun;

public sealed class SampleTextTests
{
    [Theory]
    [InlineData("1\n2.5\n-3e2\n", null, new[] { 1, 2.5, -300 })]
    [InlineData("# comment\nraw\n975\n\n981\n", null, new double[] { 975, 981 })]
    [InlineData("t,v\n0,10\n1,20\n", "v", new double[] { 10, 20 })]
    [InlineData("t;v\n0; 10\n1; 20\n", "2", new double[] { 10, 20 })]
    [InlineData("0\t10\n1\t20\n", "2", new double[] { 10, 20 })]
    public void Numbers_are_read_from_lines_and_columns(string text, string? column, double[] expected)
    {
        using var reader = new StringReader(text);
        Assert.Equal(expected, SampleText.Read(reader, column, out _));
    }

    [Theory]
    [InlineData("", null, "The input has no numbers.")]
    [InlineData("1\nx\n", null, "Line 2 has no number: 'x'.")]
    [InlineData("1\nNaN\n", null, "Line 2 has no number: 'NaN'.")]
    [InlineData("t,v\n0,10\n", "w", "There is no column 'w'; columns are t, v, or their numbers from 1.")]
    [InlineData("t,v\n0,10\n1\n", "v", "Line 3 has no number in column 'v': '1'.")]
    public void A_mistake_says_where_it_is(string text, string? column, string mistake)
    {
        using var reader = new StringReader(text);
        Assert.Null(SampleText.Read(reader, column, out var actual));
        Assert.Equal(mistake, actual);
    }

    [Fact]
    public void Samples_are_little_endian_of_their_type()
    {
        double[] numbers = [0, 1.5, -2.4, 1e12];
        Assert.Equal([0, 0, 0xC0, 0x3F], SampleText.ToBytes(numbers, 1, 1, SampleType.F32));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0xF8, 0x3F], SampleText.ToBytes(numbers, 1, 1, SampleType.F64));
        Assert.Equal([0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], SampleText.ToBytes(numbers, 2, 2, SampleType.I32));
    }

    [Fact]
    public void Payloads_are_shown_as_text_or_as_what_is_asked()
    {
        Assert.Equal("42.5 °C", PayloadText.Show("42.5 °C"u8, "auto"));
        Assert.Equal("hex:00ff", PayloadText.Show([0, 0xFF], "auto"));
        Assert.Equal("1.5 0", PayloadText.Show([0, 0, 0xC0, 0x3F, 0, 0, 0, 0], "f32"));
        Assert.Equal("hex:000000", PayloadText.Show([0, 0, 0], "f32"));
    }
}
