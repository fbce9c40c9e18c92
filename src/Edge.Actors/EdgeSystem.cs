using Edge.Actors.Diagnostics;
using Edge.Actors.Intake;

namespace Edge.Actors;

/// <summary>
/// The actors of one node: channels, modules and the intake, found by cluster identity and supervised. Started once, drained, stopped; it cannot be started again.
/// </summary>
public sealed class EdgeSystem : IAsyncDisposable
{
    /// <summary>Where the broker hands readings to.</summary>
    public IntakeRouter Intake => throw new NotImplementedException();

    /// <summary>State transitions, for tests, the console and health checks.</summary>
    public EdgeEvents Events { get; } = new();

    /// <summary>What the system knows of itself now. Cheap and thread-safe.</summary>
    public SystemStatus Status => throw new NotImplementedException();

    /// <summary>Starts every declared module and channel. Completes when the actors run; modules may still be compiling (see <see cref="Status"/>).</summary>
    public static Task<EdgeSystem> StartAsync(EdgeSystemOptions options) => throw new NotImplementedException();

    /// <summary>
    /// Processes what has been taken so far and commits it. The broker stops taking first. False when <paramref name="limit"/> ran out: what is left of
    /// QoS 1 and 2 is in the intake log and comes after the next start.
    /// </summary>
    public Task<bool> DrainAsync(TimeSpan limit) => throw new NotImplementedException();

    /// <summary>Stops all actors, each channel committing what it processed, and disposes instances and the module host. Returns after <paramref name="limit"/> at the latest.</summary>
    public Task StopAsync(TimeSpan limit) => throw new NotImplementedException();

    /// <summary>Stops within ten seconds if it was not stopped.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
