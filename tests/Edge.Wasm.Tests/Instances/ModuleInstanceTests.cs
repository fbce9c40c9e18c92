using System.Buffers;
using System.Buffers.Binary;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;

namespace Edge.Wasm.Tests.Instances;

/// <summary>What the host promises a guest that behaves: its arguments, its state, its buffers.</summary>
public sealed class ModuleInstanceTests : IDisposable
{
    private static readonly string Counter = Sandbox.Fixture("Instances/Counter.wat");

    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_typed_call_returns_what_the_guest_returned()
    {
        using var instance = _sandbox.Start(Counter);

        Assert.Equal(new CallOutcome(5, null), instance.Resolve("add").Call(2, 3));
        Assert.Equal(new CallOutcome(-1, null), instance.Resolve("add").Call(1, -2));
        Assert.Throws<ArgumentException>(() => instance.Resolve("edge_handle"));
        Assert.Throws<ArgumentException>(() => instance.Resolve("subtract"));
    }

    [Fact]
    public void Calls_allocate_nothing()
    {
        using var instance = _sandbox.Start(Counter);
        var add = instance.Resolve("add");
        CallMany(instance, add);

        var before = GC.GetAllocatedBytesForCurrentThread();
        CallMany(instance, add);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Topic_payload_and_time_arrive_and_state_comes_back()
    {
        using var instance = _sandbox.Start(Counter);
        for (var i = 1; i <= 3; i++) Assert.Equal(i, instance.Handle("a/b"u8, "payload"u8, i).Value);
        var snapshot = new ArrayBufferWriter<byte>();
        Assert.Equal(4, instance.Snapshot(snapshot).Value);

        using var successor = _sandbox.Start(instance.Module, Sandbox.Options() with { Snapshot = snapshot.WrittenMemory });

        Assert.Equal(4, successor.Handle([], [], 0).Value);
    }

    [Fact]
    public void The_block_header_lies_as_the_ABI_says()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/Stream.wat"));
        var header = new BlockHeader(0x1122334455, 360, SampleType.I32, BlockFlags.Gap | BlockFlags.Reset, 77);

        Assert.Equal(0x22334455, instance.Stream(header, Sample(0)).Value);
        Assert.Equal(0x11, instance.Stream(header, Sample(4)).Value);
        Assert.Equal(0x40768000, instance.Stream(header, Sample(12)).Value);
        Assert.Equal(2, instance.Stream(header, Sample(16)).Value);
        Assert.Equal(3, instance.Stream(header, Sample(20)).Value);
        Assert.Equal(77, instance.Stream(header, Sample(24)).Value);
        Assert.Equal(1, instance.Stream(header, Sample(-1)).Value);
        Assert.Equal(2, instance.Stream(header with { Type = SampleType.F64 }, [.. Sample(-1), .. new byte[12]]).Value);
    }

    [Fact]
    public void The_argument_block_is_asked_for_once_and_then_only_for_more()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/Echo.wat"));
        var allocs = instance.Resolve("allocs");

        foreach (var length in (int[])[100, 50, 100, 112]) Assert.Equal(length, RoundTrip(instance, length));
        Assert.Equal(1, allocs.Call().Value);
        Assert.Equal(200, RoundTrip(instance, 200));
        Assert.Equal(224, RoundTrip(instance, 224));
        Assert.Equal(2, allocs.Call().Value);
        Assert.Equal(1_000_000, RoundTrip(instance, 1_000_000));
        Assert.Equal(3, allocs.Call().Value);
    }

    [Fact]
    public void A_codec_consumes_no_more_than_it_was_given()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/Codec.wat"));
        Assert.Equal(2, instance.Decode([2, 0, 0]).Value);
        Assert.Equal(0, instance.Decode([0, 0, 0]).Value);
        Assert.Equal(3, instance.Encode([9, 9, 9]).Value);

        var fault = instance.Decode([4, 0, 0]).Fault;

        Assert.Contains("returned 4 from edge_decode", Assert.IsType<GuestFault.BadResult>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_refuses_its_config_does_not_start()
    {
        var fault = _sandbox.StartFails(Sandbox.Fixture("Instances/BadConfig.wat"));

        Assert.Contains("returned error -1 from edge_init (EDGE_E_INVALID)", Assert.IsType<GuestFault.Unavailable>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_instance_refuses_calls_and_may_be_disposed_again()
    {
        var instance = _sandbox.Start(Counter);
        instance.Dispose();
        instance.Dispose();

        Assert.Throws<ObjectDisposedException>(() => instance.Handle([], [], 0));
    }

    [Fact]
    public void A_module_may_go_before_its_instances()
    {
        var module = _sandbox.Load(Counter);
        using var instance = _sandbox.Start(module, Sandbox.Options());
        module.Dispose();

        Assert.Equal(1, instance.Handle([], [], 0).Value);
    }

    [Fact]
    public void Threads_may_take_turns_on_an_instance()
    {
        using var instance = _sandbox.Start(Counter);
        for (var turn = 1; turn <= 20; turn++)
        {
            var outcome = default(CallOutcome);
            var thread = new Thread(() => outcome = instance.Handle([], [], 0), 2 << 20);
            thread.Start();
            thread.Join();
            Assert.Equal(turn, outcome.Value);
        }
    }

    private static void CallMany(ModuleInstance instance, TypedCall add)
    {
        for (var i = 0; i < 1_000; i++)
        {
            if (!add.Call(i, 1).Succeeded || !instance.Handle("a/b"u8, "12.5"u8, i).Succeeded) Assert.Fail("A call failed.");
        }
    }

    private static byte[] Sample(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static long RoundTrip(ModuleInstance instance, int length)
    {
        var request = new byte[length];
        new Random(length).NextBytes(request);
        var response = new ArrayBufferWriter<byte>();
        var outcome = instance.Http(request, response);
        Assert.Null(outcome.Fault);
        Assert.True(response.WrittenSpan.SequenceEqual(request));
        return outcome.Value;
    }
}
