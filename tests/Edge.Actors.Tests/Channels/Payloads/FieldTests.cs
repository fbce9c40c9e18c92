using Edge.Actors.Channels;
using Edge.Actors.Channels.Payloads;
using Edge.Messages.Intake;
using Google.Protobuf;

namespace Edge.Actors.Tests.Channels.Payloads;

public sealed class FieldTests
{
    private const long MilleniumUs = 946_684_800_000_000;

    [Theory]
    [InlineData("s", "946684800", MilleniumUs)]
    [InlineData("s", "946684800.25", MilleniumUs + 250_000)]
    [InlineData("ms", "946684800000", MilleniumUs)]
    [InlineData("us", "946684800000000", MilleniumUs)]
    [InlineData("ns", "946684800000000999", MilleniumUs)]
    [InlineData("ms", "\"2000-01-01T00:00:00Z\"", MilleniumUs)]
    [InlineData("ms", "\"2000-01-01T01:00:00.5+01:00\"", MilleniumUs + 500_000)]
    public void A_time_is_read_in_its_unit_or_as_iso_8601(string unit, string value, long expectedUs)
    {
        Assert.Null(new TimestampReader(new() { Field = new() { Path = "t" }, Unit = unit }).Read(Json($"{{\"t\":{value}}}"), out var timeUs));
        Assert.Equal(expectedUs, timeUs);
    }

    [Theory]
    [InlineData("\"soon\"")]
    [InlineData("-5")]
    [InlineData("1e300")]
    [InlineData("true")]
    public void A_time_that_is_none_is_refused_with_words(string value) =>
        Assert.NotNull(new TimestampReader(new() { Field = new() { Path = "t" } }).Read(Json($"{{\"t\":{value}}}"), out _));

    [Fact]
    public void Without_a_field_the_arrival_is_the_time()
    {
        Assert.Null(new TimestampReader(new()).Read(new() { ArrivalUs = 42 }, out var timeUs));
        Assert.Equal(42, timeUs);
    }

    [Fact]
    public void A_key_is_a_topic_level_a_field_or_a_user_property()
    {
        var reading = Json("""{"id":"p-é","n":7}""");
        reading.Topic = "plant/line 1/temp";
        reading.Properties.Add(new UserProperty { Name = "unit", Value = "u1" });

        Assert.Equal("line 1", Key(new() { TopicLevel = 1 }, reading));
        Assert.Equal("p-é", Key(new() { Field = new() { Path = "id" } }, reading));
        Assert.Equal("7", Key(new() { Field = new() { Path = "n" } }, reading));
        Assert.Equal("u1", Key(new() { Field = new() { Property = "unit" } }, reading));
        Assert.Equal("", Key(null, reading));
        Assert.NotNull(new KeyExtractor(new() { TopicLevel = 3 }).Read(reading, out _));
    }

    [Fact]
    public void A_sequence_must_be_a_whole_number()
    {
        Assert.Null(new SequenceReader(new() { Path = "n" }).Read(Json("""{"n":12}"""), out var number));
        Assert.Equal(12, number);
        Assert.NotNull(new SequenceReader(new() { Path = "n" }).Read(Json("""{"n":1.5}"""), out _));
        Assert.NotNull(new SequenceReader(new() { Path = "n" }).Read(Json("soup"), out _));
    }

    private static Reading Json(string payload) => new() { Payload = ByteString.CopyFromUtf8(payload) };

    private static string Key(KeySpec? spec, Reading reading)
    {
        Assert.Null(new KeyExtractor(spec).Read(reading, out var key));
        return key;
    }
}
