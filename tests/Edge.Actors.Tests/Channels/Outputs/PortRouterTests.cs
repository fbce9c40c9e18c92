using System.Text;
using Edge.Actors.Channels;
using Edge.Actors.Channels.Outputs;
using Edge.Messages.Tenants;
using Edge.Wasm.Instances;

namespace Edge.Actors.Tests.Channels.Outputs;

public sealed class PortRouterTests
{
    [Theory]
    [InlineData("beats", "beats")]
    [InlineData("beats/{key}", "beats/k")]
    [InlineData("{topic}/out", "a/b/c/out")]
    [InlineData("{topic.1}/{topic.9}x", "b/x")]
    [InlineData("{what}/{", "{what}/{")]
    public void A_topic_template_is_filled(string template, string topic) => Assert.Equal(topic, new TopicTemplate(template).Fill("k", "a/b/c"));

    [Fact]
    public void A_key_out_of_a_payload_stays_one_level() => Assert.Equal("out/a_b__", new TopicTemplate("out/{key}").Fill("a/b+#", "t"));

    [Theory]
    [InlineData(PortFormat.Json, """{"t":5,"v":[1.5,null]}""")]
    [InlineData(PortFormat.Csv, "1.5,NaN")]
    public void Numbers_are_shown_in_the_ports_format(PortFormat format, string payload)
    {
        byte[] emitted = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(float.NaN)];

        Assert.Equal(payload, Encoding.UTF8.GetString(Router(format).Route(0, emitted, 5, "k", "t", "id", null, null)!.Payload.Span));
    }

    [Fact]
    public void A_port_without_a_topic_and_bytes_that_are_no_numbers_lead_nowhere()
    {
        Assert.Null(Router(PortFormat.Json).Route(0, [1, 2, 3], 5, "k", "t", "id", null, null));
        Assert.Null(Router(PortFormat.Bytes).Route(1, [1], 5, "k", "t", "id", null, null));
        Assert.Null(Router(PortFormat.Bytes).Route(-1, [1], 5, "k", "t", "id", null, null));
    }

    private static PortRouter Router(PortFormat format) => new(
        new()
        {
            Id = TestNode.Channel(), Topic = "in", Module = new(TenantName.Default, "m"),
            Ports = new Dictionary<string, PortSpec> { ["first"] = new() { Topic = "out", Format = format, Type = SampleType.F32 } },
        },
        ["first", "second"]);
}
