using Edge.Wasm.Faults;
using Edge.Wasm.Instances;

namespace Edge.Wasm.Tests.Instances;

/// <summary>Where the address space has no room for a pool (ARM kernels with 39 bits), memories are small mappings that move as they grow. All else is the same.</summary>
public sealed class OneByOneTests : IDisposable
{
    private readonly Sandbox _sandbox = new(new ModuleHostOptions { InstancesMax = 64 }, TimeProvider.System, _ => false, null);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Guests_run_grow_and_find_zeros()
    {
        var limits = Sandbox.Unhurried with { MemoryMaxBytes = 8 << 20 };
        for (var round = 0; round < 3; round++)
        {
            using (var scribbler = _sandbox.Start(Sandbox.Fixture("Instances/Scribbler.wat"), limits)) Assert.Equal(0, scribbler.Handle("t"u8, "p"u8, 0).Value);
            using var reader = _sandbox.Start(Sandbox.Fixture("Instances/Reader.wat"), limits);
            Assert.Equal(new CallOutcome(0, null), reader.Handle([], [], 0));
        }
    }

    [Fact]
    public void Arguments_follow_a_memory_that_has_moved()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Instances/Echo.wat"));
        foreach (var length in (int[])[10, 100_000, 5_000_000])
        {
            var request = new byte[length];
            new Random(length).NextBytes(request);
            var response = new System.Buffers.ArrayBufferWriter<byte>();
            var outcome = new { Sent = request, instance.Http(request, response).Fault };
            // A response is bounded by the output limit; within it the bytes are the same.
            if (length <= Sandbox.Unhurried.OutputMaxBytes) Assert.True(response.WrittenSpan.SequenceEqual(outcome.Sent));
            else Assert.IsType<GuestFault.BadResult>(outcome.Fault);
        }
    }

    [Theory]
    [InlineData("MemoryBomb", "memory")]
    [InlineData("StackBomb", "stack")]
    [InlineData("DivideByZero", "trap")]
    public void Hostile_guests_end_the_same_way(string guest, string reason)
    {
        using var instance = _sandbox.Start(Sandbox.Fixture($"Faults/{guest}.wat"), Sandbox.Unhurried with { MemoryMaxBytes = 4 << 20 });

        Assert.Equal(reason, instance.Handle([], [], 0).Fault!.Reason);
    }
}
