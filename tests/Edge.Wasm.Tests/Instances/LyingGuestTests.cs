using System.Buffers;
using System.Buffers.Binary;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Native;

namespace Edge.Wasm.Tests.Instances;

/// <summary>Guests that lie about pointers and lengths, or call where they may not.</summary>
public sealed class LyingGuestTests : IDisposable
{
    private const int Page = 65_536;

    private readonly Sandbox _sandbox;
    private ModuleInstance? _reentered;
    private CallOutcome _inner;

    public LyingGuestTests() => _sandbox = new(
        new HostImport("test", "sum", [ValueKind.I32, ValueKind.I32], [ValueKind.I32], null, static (guest, args) => Sum(guest, args[0].I32, args[1].I32)),
        new HostImport("test", "back", [], [ValueKind.I32], null, (_, _) =>
        {
            _inner = _reentered!.Handle("in"u8, "in"u8, 0);
            return 5;
        }),
        new HostImport("test", "wait", [], [ValueKind.I32], null, static (_, _) => throw new InvalidTimeZoneException("no such zone")));

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(Page - 4, 4)]
    [InlineData(0, Page)]
    [InlineData(Page, 0)]
    [InlineData(0xffff_ffff, 0)]
    public void A_result_up_to_the_last_byte_is_taken(long at, long length) =>
        Assert.Equal(length, ResultOf(at, length).Value);

    [Theory]
    [InlineData(Page - 4, 5)]
    [InlineData(Page, 1)]
    [InlineData(0, Page + 1)]
    [InlineData(0x7fff_ffff, 0x7fff_ffff)]
    [InlineData(0x7fff_ffff, 0xffff_ffff)]
    public void A_result_beyond_the_memory_ends_the_instance(long at, long length)
    {
        var fault = ResultOf(at, length).Fault;

        Assert.Contains($"returned {length} bytes at {at}", Assert.IsType<GuestFault.BadResult>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_beyond_the_output_limit_ends_the_instance()
    {
        var fault = ResultOf(0, 2_000, Sandbox.Unhurried with { OutputMaxBytes = 1_999 }).Fault;

        Assert.Contains("limits.output allows 1999", Assert.IsType<GuestFault.BadResult>(fault).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-7, -7)]
    [InlineData(long.MinValue, int.MinValue)]
    public void A_negative_result_is_the_guests_own_error(long packed, int code)
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/LyingResult.wat"));
        var request = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(request, packed);

        var outcome = instance.Http(request, new ArrayBufferWriter<byte>());

        Assert.Equal(code, Assert.IsType<GuestFault.GuestError>(outcome.Fault).Code);
        Assert.True(instance.Alive);
    }

    [Theory]
    [InlineData(0, typeof(GuestFault.Memory), "edge_alloc returned 0")]
    [InlineData(1028, typeof(GuestFault.BadResult), "not a multiple of 8")]
    [InlineData(Page - 8, typeof(GuestFault.BadResult), "its memory has 65536 bytes")]
    [InlineData(-8, typeof(GuestFault.BadResult), "returned 4294967288 from edge_alloc")]
    public void What_edge_alloc_returns_is_checked(int at, Type expected, string words)
    {
        var config = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(config, at);
        var module = _sandbox.Load(Sandbox.Fixture("Instances/LyingAlloc.wat"));
        using var instance = _sandbox.Start(module, Sandbox.Options() with { Config = config });

        var outcome = instance.Handle("topic"u8, "payload of a length that does not fit at the end"u8, 0);

        Assert.IsType(expected, outcome.Fault);
        Assert.Contains(words, outcome.Fault.Message, StringComparison.Ordinal);
        Assert.False(instance.Alive);
    }

    [Theory]
    [InlineData(Page - 1, 1)]
    [InlineData(Page, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, Page)]
    public void A_host_function_reads_to_the_last_byte(int at, int length) => Assert.Null(GivePointer(at, length).Fault);

    [Theory]
    [InlineData(Page - 1, 2)]
    [InlineData(Page, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(int.MinValue, int.MaxValue)]
    public void A_pointer_beyond_the_memory_given_to_a_host_function_ends_the_call(int at, int length)
    {
        var fault = Assert.IsType<GuestFault.HostRefusal>(GivePointer(at, length).Fault);

        Assert.Contains($"{(uint)length} bytes at {(uint)at}", fault.Message, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Backtrace);
    }

    [Fact]
    public void Arguments_larger_than_any_guest_gets_are_a_fault_of_the_call()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/Counter.wat"));

        var outcome = instance.Handle([], new byte[(16 << 20) + 1], 0);

        Assert.IsType<GuestFault.Memory>(outcome.Fault);
        Assert.Equal(1, instance.Handle([], [], 0).Value);
    }

    [Fact]
    public void A_call_inside_a_call_is_refused_and_the_outer_call_goes_on()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/Reentry.wat"));
        _reentered = instance;

        var outer = instance.Handle([], [], 0);

        Assert.Equal(5, outer.Value);
        Assert.Contains("while a call of the same instance runs", Assert.IsType<GuestFault.HostRefusal>(_inner.Fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_in_a_host_function_is_a_fault_with_its_reason()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/WaitingHostCall.wat"));

        var fault = instance.Handle([], [], 0).Fault;

        Assert.Contains("test.wait failed: InvalidTimeZoneException: no such zone", Assert.IsType<GuestFault.HostRefusal>(fault).Message, StringComparison.Ordinal);
    }

    private static long Sum(GuestContext guest, int at, int length)
    {
        if (!guest.TrySlice(at, length, out var bytes)) return 0;
        var sum = 0;
        foreach (var b in bytes) sum += b;
        return sum;
    }

    private CallOutcome ResultOf(long at, long length, ModuleLimits? limits = null)
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/LyingResult.wat"), limits);
        var request = new byte[8];
        // Kept below 2^63: what is above is an error code.
        BinaryPrimitives.WriteInt64LittleEndian(request, ((at & 0x7fff_ffff) << 32) | length);
        var outcome = instance.Http(request, new ArrayBufferWriter<byte>());
        Assert.Equal(outcome.Succeeded, instance.Alive);
        return outcome;
    }

    private CallOutcome GivePointer(int at, int length)
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/PointerGiver.wat"));
        return instance.Handle([], [], (uint)at | ((long)length << 32));
    }
}
