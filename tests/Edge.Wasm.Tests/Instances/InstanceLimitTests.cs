using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Tests.Instances;

/// <summary>How many instances there may be, and what they may start with.</summary>
public sealed class InstanceLimitTests
{
    [Fact]
    public void Ten_thousand_instances_live_at_once_and_each_keeps_its_own_state()
    {
        using var sandbox = new Sandbox(new ModuleHostOptions { InstancesMax = 10_000 }, TimeProvider.System);
        var module = sandbox.Load(Sandbox.Fixture("Instances/Counter.wat"));
        var options = Sandbox.Options(Sandbox.Unhurried with { InstancesMax = 20_000 });
        var live = new List<ModuleInstance>();
        while (live.Count < 10_000) live.Add(sandbox.Start(module, options));

        for (var i = 0; i < live.Count; i += 7) live[i].Handle("t"u8, "p"u8, 0);
        for (var i = 0; i < live.Count; i++) Assert.Equal(i % 7 == 0 ? 2 : 1, live[i].Handle("t"u8, "p"u8, 0).Value);

        Assert.Null(sandbox.Host.Create(module, options, out var fault));
        Assert.Contains("this node has 10000 live instances", Assert.IsType<GuestFault.Unavailable>(fault).Message, StringComparison.Ordinal);
        foreach (var instance in live) instance.Dispose();
        Assert.Equal(0, sandbox.Host.LiveInstances);
    }

    [Fact]
    public void A_module_gets_no_more_instances_than_its_limit()
    {
        using var sandbox = new Sandbox();
        var module = sandbox.Load(Sandbox.Fixture("Instances/Counter.wat"));
        var options = Sandbox.Options(Sandbox.Unhurried with { InstancesMax = 2 });
        using var first = sandbox.Start(module, options);
        var second = sandbox.Start(module, options);

        Assert.Null(sandbox.Host.Create(module, options, out var fault));
        second.Dispose();
        using var third = sandbox.Host.Create(module, options, out _);

        Assert.Contains("it has 2 live ones", fault!.Message, StringComparison.Ordinal);
        Assert.NotNull(third);
    }

    [Fact]
    public void A_module_that_starts_with_more_memory_than_allowed_is_told_both_numbers()
    {
        using var sandbox = new Sandbox();

        var fault = sandbox.StartFails(Sandbox.Fixture("Instances/Counter.wat"), Sandbox.Unhurried with { MemoryMaxBytes = 65_536 });

        Assert.Contains("starts with 128 KiB of memory; limits.memory allows 64 KiB", Assert.IsType<GuestFault.Memory>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_starts_with_more_table_than_allowed_is_told_both_numbers()
    {
        using var sandbox = new Sandbox();

        var fault = sandbox.StartFails(Sandbox.Fixture("Faults/TableBomb.wat"), Sandbox.Unhurried with { TableElementsMax = 0 });

        Assert.Contains("a table of 1 elements; limits.tableElements allows 0", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65_530, 14_334)]
    [InlineData(262_144, 63_488)]
    [InlineData(1_000, 1)]
    public void The_kernels_limit_of_maps_bounds_the_instances(int maps, int instances) => Assert.Equal(instances, MemoryMaps.InstancesMax(maps));

    [Theory]
    [InlineData(long.MaxValue, 20_001)]
    [InlineData(200L << 40, 20_001)]
    [InlineData(100L << 40, 10_000)]
    [InlineData(1L << 39, 0)]
    public void The_pool_is_as_large_as_the_address_space_allows(long space, int slots) =>
        Assert.Equal(slots, EngineLayout.For(20_000, bytes => bytes <= (ulong)space).Slots);

    [Fact]
    public void Without_room_for_a_pool_instances_are_made_one_by_one() => Assert.Equal(new EngineLayout(0), EngineLayout.For(5, _ => false));
}
