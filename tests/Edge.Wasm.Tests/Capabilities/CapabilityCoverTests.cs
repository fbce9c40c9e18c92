using System.Text;
using CsCheck;
using Edge.Wasm.Capabilities;

namespace Edge.Wasm.Tests.Capabilities;

public sealed class CapabilityCoverTests
{
    [Theory]
    [InlineData("fs:/data:rw", "fs:/data:ro", true)]
    [InlineData("fs:/data:ro", "fs:/data:rw", false)]
    [InlineData("fs:/data:ro", "fs:/data/in:ro", true)]
    [InlineData("fs:/data:ro", "fs:/database:ro", false)]
    [InlineData("fs:/:rw", "fs:/data:rw", true)]
    [InlineData("fs:/data:ro", "fs", true)]
    [InlineData("fs", "fs:/data:ro", false)]
    [InlineData("clock", "clock:offset=2h,drift=5ms", true)]
    [InlineData("clock:offset=2h", "clock", false)]
    [InlineData("clock:drift=5ms", "clock:drift=10ms", true)]
    [InlineData("clock:drift=5ms", "clock:drift=1ms", false)]
    [InlineData("net:a:80", "net:a:80", true)]
    [InlineData("net:a:80", "net:a:81", false)]
    [InlineData("gpio:gpiochip0/17:out", "gpio:gpiochip0/17:in", false)]
    [InlineData("mqtt:pub:#", "mqtt:pub:alarms/#", true)]
    [InlineData("mqtt:pub:alarms/#", "mqtt:pub:alarms", true)]
    [InlineData("mqtt:pub:alarms/#", "mqtt:pub:alarms/+/x", true)]
    [InlineData("mqtt:pub:alarms/+", "mqtt:pub:alarms/#", false)]
    [InlineData("mqtt:pub:alarms/a", "mqtt:pub:alarms/+", false)]
    [InlineData("kv:64KiB", "kv:64KiB", true)]
    [InlineData("kv:64KiB", "kv:65KiB", false)]
    [InlineData("random", "log", false)]
    public void Holding_one_covers_asking_the_other(string held, string asked, bool covers) =>
        Assert.Equal(covers, Parse(held).Covers(Parse(asked)));

    [Fact]
    public void Covers_is_reflexive() => CapabilitySamples.Any.Sample(a => a.Covers(a));

    [Fact]
    public void Covers_is_transitive() => Gen.Select(CapabilitySamples.Any, CapabilitySamples.Any, CapabilitySamples.Any)
        .Sample((a, b, c) => !(a.Covers(b) && b.Covers(c)) || a.Covers(c), iter: 100_000);

    [Fact]
    public void A_covered_filter_matches_no_topic_that_the_wider_does_not()
    {
        var topics = from depth in Enumerable.Range(1, 4)
                     from number in Enumerable.Range(0, 1 << depth)
                     select string.Join('/', Enumerable.Range(0, depth).Select(level => (number >> level & 1) == 0 ? "a" : "b"));
        Gen.Select(CapabilitySamples.Any, CapabilitySamples.Any).Sample((a, b) =>
        {
            if (a is not PublishCapability wide || b is not PublishCapability narrow || !wide.Covers(narrow)) return;
            foreach (var topic in topics.Where(topic => Matches(narrow.Filter, topic))) Assert.True(Matches(wide.Filter, topic), $"{wide} {narrow} {topic}");
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("+/b/#", "a/b", true)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    public void A_filter_matches_topics_as_MQTT_defines(string filter, string topic, bool matches) => Assert.Equal(matches, Matches(filter, topic));

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("#", false)]
    [InlineData("a\0b", false)]
    public void A_guest_names_a_topic_without_wildcards(string topic, bool valid) =>
        Assert.Equal(valid, PublishTopics.IsTopic(Encoding.UTF8.GetBytes(topic)));

    [Fact]
    public void A_topic_is_valid_text() => Assert.False(PublishTopics.IsTopic([0x61, 0xFF]));

    private static bool Matches(string filter, string topic) =>
        PublishTopics.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic));

    private static Capability Parse(string text) => Capability.TryParse(text, out var capability, out var error) ? capability! : throw new ArgumentException(error);
}
