using Edge.Wasm.Faults;
using Edge.Wasm.Limits;

namespace Edge.Wasm.Tests.Faults;

/// <summary>Guests that want too much of the host functions: they are told so, and what they did before counts for nothing where the call fails.</summary>
public sealed class FloodTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_log_flood_is_cut_at_the_rate_and_the_guest_lives_on()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/LogFlood.wat"), Sandbox.Unhurried with { LogLinesPerSecond = 10 });

        var outcome = instance.Handle([], [], 0);

        // Ten at once, and ten for every further second that the thousand lines may take on a busy machine.
        Assert.Null(outcome.Fault);
        Assert.InRange(outcome.Value, 10, 500);
        Assert.True(instance.Alive);
    }

    [Fact]
    public void Huge_output_is_refused_beyond_the_limit_and_what_fitted_holds()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/HugeOutput.wat"), Sandbox.Unhurried with { OutputMaxBytes = 1 << 20 });

        var outcome = instance.Handle([], [], 0);

        Assert.Null(outcome.Fault);
        Assert.Equal(outcome.Value, instance.Effects.Emits.Count);
        Assert.InRange(outcome.Value, 15, 16);
        Assert.True(instance.Effects.ByteCount <= 1 << 20);
    }

    [Fact]
    public void Of_a_call_that_returns_an_error_no_effect_is_left()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/HugeOutput.wat"));

        var outcome = instance.Handle([], [1], 0);

        Assert.Equal(-4, Assert.IsType<GuestFault.GuestError>(outcome.Fault).Code);
        Assert.Empty(instance.Effects.Emits);
        Assert.Equal(0, instance.Effects.ByteCount);
        Assert.True(instance.Alive);
    }

    [Fact]
    public void A_long_sleep_ends_at_the_deadline()
    {
        using var instance = _sandbox.Start(Sandbox.Fixture("Faults/LongSleep.wat"), new ModuleLimits { Deadline = TimeSpan.FromMilliseconds(50), StartDeadline = TimeSpan.FromSeconds(60) });

        Assert.IsType<GuestFault.Deadline>(instance.Handle([], [], 0).Fault);
    }
}
