using System.Text;
using Edge.Wasm.Faults;
using Edge.Wasm.HostFunctions;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Tests.Scripts;

namespace Edge.Wasm.Tests.HostFunctions;

public sealed class OutputFunctionTests
{
    [Fact]
    public void Emit_takes_a_port_bytes_and_a_time()
    {
        using var host = new ScriptHost();
        var script = new Script();
        var bytes = script.Bytes("42.5"u8);
        var result = host.Run(script.Call("emit", 7, bytes, 4, 1_700_000_000_000_000));
        Assert.Equal([0], result.Results);
        var emit = host.Instance.Effects.Emits[0];
        Assert.Equal((7, 1_700_000_000_000_000, "42.5"), (emit.Port, emit.TimeUs, Encoding.UTF8.GetString(host.Instance.Effects.Span(emit.Payload))));
    }

    [Fact]
    public void Emit_refuses_ports_that_the_manifest_does_not_name()
    {
        using var host = new ScriptHost();
        host.Options = host.Options with { PortCount = ScriptGuest.ResultsPort + 1 };
        var result = host.Run(new Script().Call("emit", -1, 0, 0, 0).Call("emit", ScriptGuest.ResultsPort + 1, 0, 0, 0).Call("emit", 98, 0, 0, 0));
        Assert.Equal([EdgeError.Invalid, EdgeError.Invalid, 0], result.Results);
    }

    [Fact]
    public void Output_of_a_call_is_limited_and_the_next_call_starts_anew()
    {
        using var host = new ScriptHost();
        host.With(new ModuleLimits { OutputMaxBytes = 4_096, Deadline = TimeSpan.FromSeconds(30) });
        Script Large() => new Script().Call("emit", 0, 0, 3_000, 0).Call("emit", 0, 0, 3_000, 0).Call("emit", 0, 0, 500, 0);
        Assert.Equal([0, EdgeError.Limit, 0], host.Run(Large()).Results);
        Assert.Equal([0, EdgeError.Limit, 0], host.Run(Large()).Results);
    }

    [Fact]
    public void Empty_effects_are_bounded_too()
    {
        using var host = new ScriptHost();
        host.With(new ModuleLimits { OutputMaxBytes = 1_024, Deadline = TimeSpan.FromSeconds(30) });
        var script = new Script();
        for (var i = 0; i < 60; i++) script.Call("emit", 0, 0, 0, 0);
        // 60 empty effects are 960 bytes; the results of the script itself no longer fit.
        Assert.Throws<InvalidOperationException>(() => host.Run(script));
        Assert.Equal(60, host.Instance.Effects.Emits.Count);
    }

    [Fact]
    public void Publish_is_an_effect_on_a_granted_topic()
    {
        using var host = new ScriptHost("mqtt:pub:alarms/#");
        var script = new Script();
        var (topic, payload) = (script.Bytes("alarms/boiler"u8), script.Bytes("hot"u8));
        Assert.Equal([0], host.Run(script.Call("publish", topic, 13, payload, 3, 1 | 4)).Results);
        var publish = Assert.Single(host.Instance.Effects.Publishes);
        Assert.Equal((byte)1, publish.Qos);
        Assert.True(publish.Retain);
        Assert.Equal("alarms/boiler", Encoding.UTF8.GetString(host.Instance.Effects.Span(publish.Topic)));
        Assert.Equal("hot", Encoding.UTF8.GetString(host.Instance.Effects.Span(publish.Payload)));
        Assert.Empty(host.Denials);
    }

    [Theory]
    [InlineData("state/boiler", 0, EdgeError.Denied, 1)]
    [InlineData("$SYS/broker", 0, EdgeError.Denied, 1)]
    [InlineData("alarms/+", 0, EdgeError.Invalid, 0)]
    [InlineData("", 0, EdgeError.Invalid, 0)]
    [InlineData("alarms/x", 3, EdgeError.Invalid, 0)]
    [InlineData("alarms/x", 8, EdgeError.Invalid, 0)]
    public void Publish_elsewhere_is_refused(string topic, int flags, int code, int denials)
    {
        using var host = new ScriptHost("mqtt:pub:alarms/#");
        Assert.Equal([code], host.Run(new Script().CallWithText("publish", topic, 0, 0, flags)).Results);
        Assert.Empty(host.Instance.Effects.Publishes);
        Assert.Equal(Enumerable.Repeat("mqtt", denials), host.Denials);
    }

    [Fact]
    public void Metric_takes_a_name_and_a_finite_value()
    {
        using var host = new ScriptHost("metric");
        var result = host.Run(new Script()
            .CallWithText("metric", "boiler.load_2", BitConverter.DoubleToInt64Bits(0.75))
            .CallWithText("metric", "Boiler", BitConverter.DoubleToInt64Bits(1))
            .CallWithText("metric", "", BitConverter.DoubleToInt64Bits(1))
            .CallWithText("metric", "x", BitConverter.DoubleToInt64Bits(double.NaN)));
        Assert.Equal([0, EdgeError.Invalid, EdgeError.Invalid, EdgeError.Invalid], result.Results);
        Assert.Equal(0.75, Assert.Single(host.Instance.Effects.Metrics).Value);
    }

    [Fact]
    public void A_module_has_at_most_32_metric_names()
    {
        using var host = new ScriptHost("metric");
        var script = new Script();
        for (var i = 0; i < 33; i++) script.CallWithText("metric", $"name{i}", 0);
        script.CallWithText("metric", "name0", 0);
        Assert.Equal([.. Enumerable.Repeat(0, 32), EdgeError.Limit, 0], host.Run(script).Results);
    }

    [Fact]
    public void A_pointer_outside_the_memory_ends_the_call()
    {
        foreach (var (pointer, length) in new[] { (ScriptGuest.MemoryPages << 16, 1), (-1, 1), (0, -1), ((ScriptGuest.MemoryPages << 16) - 1, 2) })
        {
            using var host = new ScriptHost("mqtt:pub:#", "kv:1KiB", "log", "metric", "net:localhost:80");
            var refusal = Assert.IsType<GuestFault.HostRefusal>(host.Run(new Script().Call("emit", 0, pointer, length, 0)).Fault);
            Assert.Contains($"its memory has {ScriptGuest.MemoryPages << 16} bytes", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_at_the_very_end_of_the_memory_are_fine()
    {
        using var host = new ScriptHost();
        Assert.Equal([0, 0], host.Run(new Script().Call("emit", 0, (ScriptGuest.MemoryPages << 16) - 4, 4, 0).Call("emit", 0, -1, 0, 0)).Results);
    }

    [Theory]
    [InlineData("emit", 0, 0, 0, 0)]
    [InlineData("publish", 0, 0, 0, 0)]
    [InlineData("kv_put", 0, 0, 0, 0)]
    [InlineData("metric", 0, 0, 0, 0)]
    [InlineData("gpio_write", 0, 0, 0, 0)]
    [InlineData("http_fetch", 0, 0, 0, 0)]
    public void Effects_belong_to_calls_and_not_to_the_start(string function, params int[] arguments)
    {
        using var host = new ScriptHost("mqtt:pub:#", "kv:1KiB", "metric", "gpio:virtual0/1:out", "net:localhost:80");
        var fault = host.RunAtStart(new Script().Call(function, [.. arguments.Select(value => (long)value)]));
        Assert.Contains(EdgeError.State.ToString(System.Globalization.CultureInfo.InvariantCulture), fault?.Message, StringComparison.Ordinal);
    }
}
