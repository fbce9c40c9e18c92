using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Edge.Wasm.Instances;

namespace Edge.Node.Tests.Guests;

/// <summary>What the other samples do, in the real host.</summary>
public class SampleTests
{
    [Fact]
    public void Mean_keeps_the_rest_of_the_message()
    {
        using var bench = new Bench();
        using var module = bench.Load(SourceTree.Built("mean"));
        using var instance = bench.Start(module);
        Assert.True(instance.Handle("in/a"u8, "10.5 1 x"u8, 0).Succeeded);
        Assert.True(instance.Handle("in/a"u8, "-0.25 2 y z"u8, 0).Succeeded);
        Assert.Equal("5.125 2 y z", Bench.Port(instance, 0));
        Assert.Equal(-1, Assert.IsType<Edge.Wasm.Faults.GuestFault.GuestError>(instance.Handle("in/a"u8, "ten"u8, 0).Fault).Code);
    }

    [Fact]
    public void Fir_filters_across_blocks()
    {
        using var bench = new Bench();
        using var module = bench.Load(SourceTree.Built("fir"));
        using var instance = bench.Start(module, """{"coefficients":[0.5,0.25]}""");
        Assert.Equal([2f, 5f, 4f], Filter(instance, [4, 8, 4], BlockFlags.Reset));
        Assert.Equal([1f, 2f], Filter(instance, [0, 4], BlockFlags.None));
    }

    [Fact]
    public void Units_converts_and_tells_alarms_once()
    {
        using var bench = new Bench();
        using var module = bench.Load(SourceTree.Built("units"));
        using var instance = bench.Start(module, """{"from":"degF","to":"degC","high":8,"hysteresis":0.5}""", grants: ["clock", "random"]);
        Assert.True(instance.Handle("t"u8, "50"u8, 0).Succeeded);
        Assert.Equal("10", Bench.Port(instance, 0));
        Assert.Contains("\"alarm\":\"high\"", Bench.Port(instance, 1), StringComparison.Ordinal);
        Assert.True(instance.Handle("t"u8, "50"u8, 0).Succeeded);
        Assert.Equal("", Bench.Port(instance, 1));
    }

    [Fact]
    public void Hello_http_answers_a_request()
    {
        using var bench = new Bench();
        using var module = bench.Load(SourceTree.Built("hello-http"));
        using var instance = bench.Start(module, grants: ["clock", "random", "fs"]);
        var response = new ArrayBufferWriter<byte>();
        var outcome = instance.Http("GET /?name=Ada HTTP/1.1\r\nHost: h\r\n\r\n"u8, response);
        Assert.True(outcome.Succeeded, outcome.Fault?.Message);
        var text = Encoding.UTF8.GetString(response.WrittenSpan);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nHello, Ada!\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Wc_counts_its_input()
    {
        using var bench = new Bench();
        using var module = bench.Load(SourceTree.Built("wc"));
        using var input = new MemoryStream("one two\nthree\n"u8.ToArray());
        using var output = new MemoryStream();
        using var instance = bench.Start(module, input: input, output: output, grants: ["clock", "random"]);
        Assert.Equal(new CallOutcome(0, null), instance.RunCommand());
        Assert.Equal("2 3 14\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Echo_sends_back_what_came()
    {
        using var bench = new Bench();
        using var module = bench.Load(SourceTree.Built("echo"));
        using var instance = bench.Start(module);
        Assert.True(instance.Handle("t"u8, "hello"u8, 0).Succeeded);
        Assert.Equal("hello", Bench.Port(instance, 0));
    }

    private static float[] Filter(ModuleInstance instance, float[] samples, BlockFlags flags)
    {
        Assert.True(instance.Stream(new(0, 100, SampleType.F32, flags, 0), MemoryMarshal.AsBytes(samples.AsSpan())).Succeeded);
        return MemoryMarshal.Cast<byte, float>(instance.Effects.Span(instance.Effects.Emits[0].Payload)).ToArray();
    }
}
