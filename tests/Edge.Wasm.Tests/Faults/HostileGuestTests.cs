using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Native;

namespace Edge.Wasm.Tests.Faults;

/// <summary>Guests that do their worst in a call. What they get is a fault; what the host keeps is everything.</summary>
public sealed class HostileGuestTests : IDisposable
{
    private static readonly ModuleLimits Short = new() { Deadline = TimeSpan.FromMilliseconds(50), StartDeadline = TimeSpan.FromSeconds(60) };

    private readonly Sandbox _sandbox = new(
        new HostImport("test", "wait", [], [ValueKind.I32], null, static (guest, _) => WaitOutDeadline(guest)));

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void An_infinite_loop_ends_at_its_deadline()
    {
        var fault = FaultOf("InfiniteLoop", Short);

        var deadline = Assert.IsType<GuestFault.Deadline>(fault);
        Assert.Equal("deadline", deadline.Reason);
        Assert.Contains("edge_handle outlived its deadline of 50 ms", deadline.Message, StringComparison.Ordinal);
        Assert.Equal("spin", deadline.Backtrace[0].Function);
    }

    [Fact]
    public void A_host_call_that_waits_counts_against_the_deadline()
    {
        var fault = FaultOf("WaitingHostCall", Short);

        Assert.Contains("waited in test.wait until the deadline of 50 ms", Assert.IsType<GuestFault.Deadline>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_memory_bomb_gets_no_more_than_its_limit_and_is_told_as_such()
    {
        var fault = FaultOf("MemoryBomb", Sandbox.Unhurried with { MemoryMaxBytes = 1 << 20 });

        Assert.Contains("1024 KiB of 1024 KiB", Assert.IsType<GuestFault.Memory>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_bomb_ends_in_a_stack_fault_with_its_names()
    {
        var fault = FaultOf("StackBomb", Sandbox.Unhurried);

        Assert.Equal("deeper", Assert.IsType<GuestFault.Stack>(fault).Backtrace[0].Function);
    }

    [Fact]
    public void A_stack_in_the_guests_own_memory_that_is_used_up_is_a_stack_fault_too()
    {
        var fault = FaultOf("OwnStackBomb", Sandbox.Unhurried);

        Assert.Contains("used up the stack in its own memory", Assert.IsType<GuestFault.Stack>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_bomb_stops_growing_at_the_limit_and_lives_on()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/TableBomb.wat"), Sandbox.Unhurried with { TableElementsMax = 1_000 });

        var outcome = instance.Handle([], [], 0);

        Assert.Equal(new CallOutcome(901, null), outcome);
        Assert.True(instance.Alive);
    }

    [Fact]
    public void A_trap_carries_its_code_and_the_names_of_all_frames()
    {
        var fault = FaultOf("DivideByZero", Sandbox.Unhurried);

        var trap = Assert.IsType<GuestFault.Trap>(fault);
        Assert.Equal("integer_division_by_zero", trap.Code);
        Assert.Equal(["mean", "summarize", "wasm-function[3]"], trap.Backtrace.Select(f => f.Function));
        Assert.All(trap.Backtrace, frame => Assert.True(frame.ModuleOffset > 0));
    }

    [Theory]
    [InlineData("TrapInInitialize", "_initialize", "setup")]
    [InlineData("TrapInStart", "instantiation", "begin")]
    public void A_trap_before_the_first_call_leaves_no_instance(string guest, string export, string function)
    {
        var fault = _sandbox.StartFails(Sandbox.Fixture($"Faults/{guest}.wat"));

        var trap = Assert.IsType<GuestFault.Trap>(fault);
        Assert.Contains(export, trap.Message, StringComparison.Ordinal);
        Assert.Equal(function, trap.Backtrace[0].Function);
        Assert.Equal(0, _sandbox.Host.LiveInstances);
    }

    [Theory]
    [InlineData("TrapInCleanup")]
    [InlineData("SpinInCleanup")]
    public void What_happens_in_cleanup_does_not_reach_whoever_disposes(string guest)
    {
        var instance = _sandbox.Start(Sandbox.Fixture($"Faults/{guest}.wat"), Short);
        Assert.Equal(7, instance.Handle([], [], 0).Value);

        instance.Dispose();

        Assert.Equal(0, _sandbox.Host.LiveInstances);
    }

    [Fact]
    public void An_error_that_the_guest_returns_leaves_it_alive()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/GuestError.wat"));

        var refused = instance.Handle("t"u8, [], 0);
        var taken = instance.Handle("t"u8, [1], 0);

        var error = Assert.IsType<GuestFault.GuestError>(refused.Fault);
        Assert.Equal(-117, error.Code);
        Assert.True(error.InstanceSurvives);
        Assert.Equal(2, taken.Value);
    }

    [Fact]
    public void After_a_fault_the_instance_answers_with_a_fault_and_never_runs_again()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/DivideByZero.wat"));
        Assert.False(instance.Handle([], [], 0).Succeeded);

        var again = instance.Handle([], [1], 0);

        Assert.False(instance.Alive);
        Assert.IsType<GuestFault.Unavailable>(again.Fault);
    }

    private static long WaitOutDeadline(GuestContext guest)
    {
        using var never = new ManualResetEvent(false);
        while (guest.Remaining > TimeSpan.Zero) never.WaitOne(guest.Remaining);
        return guest.Expire("test.wait");
    }

    private GuestFault FaultOf(string guest, ModuleLimits limits)
    {
        using var instance = _sandbox.Start(Sandbox.Fixture($"Faults/{guest}.wat"), limits);
        var outcome = instance.Handle([], [], 0);
        Assert.False(instance.Alive);
        return outcome.Fault ?? throw new InvalidOperationException($"{guest} returned {outcome.Value} without a fault.");
    }
}
