using CsCheck;
using Edge.Wasm.Capabilities;

namespace Edge.Wasm.Tests.Capabilities;

public sealed class CapabilityGrammarTests
{
    [Theory]
    [InlineData("fs")]
    [InlineData("fs:/data:ro")]
    [InlineData("fs:/data/in:rw")]
    [InlineData("fs:/:ro")]
    [InlineData("clock")]
    [InlineData("clock:offset=2h,drift=5ms")]
    [InlineData("clock:offset=-90m")]
    [InlineData("clock:drift=250us")]
    [InlineData("random")]
    [InlineData("log")]
    [InlineData("metric")]
    [InlineData("net:api.example.com:443")]
    [InlineData("net:127.0.0.1:8080")]
    [InlineData("net:[::1]:8080")]
    [InlineData("gpio:gpiochip0/17:in")]
    [InlineData("gpio:virtual0/3:out")]
    [InlineData("mqtt:pub:alarms/#")]
    [InlineData("mqtt:pub:+/boiler/state")]
    [InlineData("kv:64KiB")]
    [InlineData("kv:1B")]
    public void Canonical_text_reads_back_as_itself(string text) => Assert.Equal(text, Read(text).ToString());

    [Theory]
    [InlineData("kv:65536", "kv:64KiB")]
    [InlineData("kv:1024KiB", "kv:1MiB")]
    [InlineData("clock:offset=120m", "clock:offset=2h")]
    [InlineData("clock:offset=0s", "clock")]
    [InlineData("net:API.Example.com:80", "net:api.example.com:80")]
    [InlineData("net:[0:0::1]:80", "net:[::1]:80")]
    public void Other_ways_to_write_it_become_canonical(string text, string canonical) => Assert.Equal(canonical, Read(text).ToString());

    [Theory]
    [InlineData("fss:/data:ro", "unknown kind 'fss'", "Did you mean 'fs'?")]
    [InlineData("randm", "unknown kind 'randm'", "Did you mean 'random'?")]
    [InlineData("", "unknown kind ''", "allowed are clock, fs, gpio, kv, log, metric, mqtt, net, random")]
    [InlineData("fs:/data", "unknown mode ''", "allowed are ro, rw")]
    [InlineData("fs:/data:or", "unknown mode 'or'", "Did you mean 'ro'?")]
    [InlineData("fs:data:ro", "folder 'data'", "absolute path")]
    [InlineData("fs:/data/../etc:ro", "folder '/data/../etc'", "'..'")]
    [InlineData("fs:/data/:ro", "folder '/data/'", "empty parts")]
    [InlineData("clock:ofset=1h", "unknown setting 'ofset'", "Did you mean 'offset'?")]
    [InlineData("clock:offset=1y", "offset '1y'", "d, h, m, s, ms, us")]
    [InlineData("clock:drift=2m", "drift '2m'", "from 0ms to 1m")]
    [InlineData("clock:drift=-1s", "drift '-1s'", "from 0ms to 1m")]
    [InlineData("random:4", "takes nothing after 'random'", "Write random.")]
    [InlineData("net:host", "port ''", "1 to 65535")]
    [InlineData("net:host:0", "port '0'", "1 to 65535")]
    [InlineData("net:host:65536", "port '65536'", "1 to 65535")]
    [InlineData("net:ho st:80", "host 'ho st'", "DNS name")]
    [InlineData("net:::1:80", "host '::1'", "brackets")]
    [InlineData("gpio:17:in", "line '17:in'", "gpio:gpiochip0/17:in")]
    [InlineData("gpio:gpiochip0/x:in", "line number 'x'", "0 to 1023")]
    [InlineData("gpio:gpiochip0/17:ou", "unknown direction 'ou'", "Did you mean 'out'?")]
    [InlineData("gpio:../17:out", "line '../17:out'", "chip/number")]
    [InlineData("mqtt:sub:a", "unknown verb 'sub'", "Did you mean 'pub'?")]
    [InlineData("mqtt:pub:a/#/b", "topic filter 'a/#/b'", "only as the last level")]
    [InlineData("mqtt:pub:$SYS/x", "topic filter '$SYS/x'", "no '$'")]
    [InlineData("mqtt:pub:", "topic filter ''", "1 to 65535 bytes")]
    [InlineData("kv", "size ''", "kv:64KiB")]
    [InlineData("kv:0B", "size '0B'", "from 1B to 64MiB")]
    [InlineData("kv:65MiB", "size '65MiB'", "from 1B to 64MiB")]
    [InlineData("kv:64KB", "size '64KB'", "B, KiB, MiB, GiB")]
    [InlineData("kv:99999999999999999999GiB", "size", "from 1B to 64MiB")]
    public void A_mistake_names_the_value_and_what_is_allowed(string text, string value, string remedy)
    {
        Assert.False(Capability.TryParse(text, out var capability, out var error));
        Assert.Null(capability);
        Assert.StartsWith($"Capability '{text}' ", error, StringComparison.Ordinal);
        Assert.Contains(value, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_what_was_written_gives_the_same_capability() =>
        CapabilitySamples.Any.Sample(capability => Assert.Equal(capability, Read(capability.ToString())));

    [Fact]
    public void Any_text_gets_a_capability_or_an_error() => Gen.String.Sample(text =>
        Assert.NotEqual(Capability.TryParse(text, out _, out var error), error is not null));

    private static Capability Read(string text)
    {
        Assert.True(Capability.TryParse(text, out var capability, out var error), error);
        return capability!;
    }
}
