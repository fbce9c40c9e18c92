using Edge.Wasm.Instances;

namespace Edge.Wasm.Tests.Instances;

/// <summary>Instances share slots of a pool, one after the other. Whatever one wrote, the next reads as zero.</summary>
public sealed class SlotReuseTests
{
    [Theory]
    [InlineData("Instances/Scribbler.wat")]
    [InlineData("Instances/Reader.wat")]
    public void Nothing_of_a_tenant_is_readable_by_the_next_in_its_slot(string secondUse)
    {
        // Room for one instance: the pool has hardly another slot to give.
        using var sandbox = new Sandbox(new ModuleHostOptions { InstancesMax = 1 }, TimeProvider.System);
        var limits = Sandbox.Unhurried with { MemoryMaxBytes = 8 << 20 };
        var scribbler = sandbox.Load(Sandbox.Fixture("Instances/Scribbler.wat"));
        var second = sandbox.Load(Sandbox.Fixture(secondUse));
        var reader = sandbox.Load(Sandbox.Fixture("Instances/Reader.wat"));
        for (var round = 0; round < 20; round++)
        {
            Use(scribbler);
            Use(second);
            Assert.Equal(0, Use(reader));
        }

        long Use(Edge.Wasm.Modules.CompiledModule module)
        {
            using var instance = sandbox.Start(module, Sandbox.Options(limits));
            var outcome = instance.Handle([], [], 0);
            Assert.Null(outcome.Fault);
            return outcome.Value;
        }
    }

    [Fact]
    public void Data_of_a_module_is_as_in_its_file_in_a_slot_that_others_scribbled_over()
    {
        using var sandbox = new Sandbox(new ModuleHostOptions { InstancesMax = 1 }, TimeProvider.System);
        var scribbler = sandbox.Load(Sandbox.Fixture("Instances/Scribbler.wat"));
        var counter = sandbox.Load(Sandbox.Fixture("Instances/Counter.wat"));
        for (var round = 0; round < 5; round++)
        {
            using (var instance = sandbox.Start(scribbler, Sandbox.Options())) instance.Handle([], [], 0);
            using var next = sandbox.Start(counter, Sandbox.Options());
            var peek = next.Resolve("peek");
            Assert.Equal(BitConverter.ToInt32("some"u8), peek.Call(512).Value);
            Assert.Equal(0, peek.Call(0).Value);
            Assert.Equal(1, next.Handle([], [], 0).Value);
        }
    }

    [Fact]
    public void A_larger_guest_finds_zeros_where_a_smaller_one_had_grown()
    {
        using var sandbox = new Sandbox(new ModuleHostOptions { InstancesMax = 1 }, TimeProvider.System);
        var scribbler = sandbox.Load(Sandbox.Fixture("Instances/Scribbler.wat"));
        var reader = sandbox.Load(Sandbox.Fixture("Instances/Reader.wat"));
        foreach (var (write, read) in ((long, long)[])[(1 << 20, 4 << 20), (16 << 20, 1 << 20), (2 << 20, 16 << 20)])
        {
            using (var instance = sandbox.Start(scribbler, Sandbox.Options(Sandbox.Unhurried with { MemoryMaxBytes = write }))) instance.Handle([], [], 0);
            using var next = sandbox.Start(reader, Sandbox.Options(Sandbox.Unhurried with { MemoryMaxBytes = read }));
            Assert.Equal(new CallOutcome(0, null), next.Handle([], [], 0));
        }
    }
}
